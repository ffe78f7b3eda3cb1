import { repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import { plainText } from "../habu/plain-text.ts";
import { type Room, readRoom, roomTypes, shownRoom } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { noSuch } from "./no-such.ts";

export async function update(work: Work<Input>, room: Room, forced: { end?: string }) {
  const { input, habu } = work;
  const end = forced.end ?? input.end;
  const changes = [
    ...(input.name === undefined || input.name === room.name ? [] : [["name", room.name, input.name]]),
    ...(input.description === undefined || input.description === room.description
      ? []
      : [["description", room.description, input.description]]),
    ...(end === undefined || end === room.endAt ? [] : [["end", room.endAt ?? "", end]]),
  ];
  if (changes.length === 0)
    return work.end({
      summary: "Nothing to change: the clean room has these values already.",
      result: { cleanroom: shownRoom(room) },
    });
  const type = (await roomTypes(habu)).find(({ id }) => id === room.typeId)?.name;
  if (type === undefined)
    throw noSuch("update a room whose type it no longer lists", "Change it in the console.");
  // Its settings are left out on purpose: they cannot be read, and a part of them would replace the rest.
  const body: ToSend<"CleanRoomRequest"> = {
    name: input.name ?? room.name,
    startAt: room.startAt,
    type: type as ToSend<"CleanRoomRequest">["type"],
    description: input.description ?? room.description,
    ...((end ?? room.endAt) === undefined ? {} : { endAt: end ?? room.endAt ?? "" }),
  };
  const effect = input.action === "close" ? { effect: "ends the collaboration today" } : {};
  const shown = changes.map(([field, before, after]) => ({ field, before, after }));
  const stop = await work.plan(
    [{ step: "update clean room", what: changes.map(([field]) => field).join(", "), ...effect }],
    { cleanroom: shownRoom(room), changes: shown },
  );
  if (stop !== undefined) return stop;
  await work.step("update", "update clean room", async () => {
    await repeatUntilKnown(
      () => habu.call("updateCleanroom", { path: { cleanroomId: room.id }, body }),
      async () => undefined,
    );
    return {
      value: room.id,
      undo: `set ${changes.map(([field, before]) => `${field} to "${plainText(before ?? "", 40)}"`).join(", ")}`,
    };
  });
  const seen = await readRoom(habu, room.id);
  const kept =
    body.name === seen.name &&
    (end === undefined || seen.endAt === end) &&
    body.description === seen.description;
  if (!kept) work.warn("The platform accepted the change, but reading it back shows other values.");
  return work.end({
    summary: `${room.displayId}: ${changes.map(([field]) => field).join(", ")} ${kept ? "changed and read back" : "sent, but read back differently"}.`,
    result: {
      cleanroom: shownRoom(seen),
      changes: shown,
      limits: [
        "Region, cloud and privacy settings are neither shown nor changed: the platform does not return them.",
      ],
    },
  });
}
