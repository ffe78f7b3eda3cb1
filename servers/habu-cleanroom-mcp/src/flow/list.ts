import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function listFlows({ habu }: Work<Input>, room: Room) {
  const given = await habu.call("listCleanroomFlows", {
    path: { cleanroomId: room.id },
    body: { limit: 200, offset: 0 },
  });
  return (given.cleanRoomFlows ?? []).map((one) => ({
    id: one.ID ?? "",
    displayId: one.displayID,
    name: one.flow?.name ?? "",
    status: one.status ?? "",
    runs: one.runCount ?? 0,
  }));
}
