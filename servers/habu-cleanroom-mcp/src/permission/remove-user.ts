import { ToolError } from "@mcp-data/core";
import type { Member } from "../habu/people.ts";
import type { Room } from "../habu/rooms.ts";
import { removal } from "../workflow/removal.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { record } from "./record.ts";

export async function removeUser(
  work: Work<Input>,
  room: Room,
  typed: string,
  member: Member | undefined,
  partnerId: string | undefined,
) {
  const { habu } = work;
  if (member === undefined)
    throw new ToolError("NOT_FOUND", `${typed} is not in the clean room.`, {
      hint: "The report action lists who is.",
    });
  const stop = await work.plan([
    { step: "remove user", what: `${typed} (${member.role})`, effect: "loses access at once" },
  ]);
  if (stop !== undefined) return stop;
  const path = { cleanroomId: room.id, cleanroomUserId: member.id };
  await removal(work, "remove", `remove user ${typed}`, () =>
    partnerId === undefined
      ? habu.call("deleteCleanroomUser", { path })
      : habu.call("deleteCleanroomPartnerUser", { path: { ...path, cleanroomPartnerId: partnerId } }),
  );
  record(work, room, typed, member.role, "none");
  return work.end({ summary: `${typed} is removed from ${room.displayId}.` });
}
