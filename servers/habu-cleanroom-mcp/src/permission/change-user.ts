import { ToolError } from "@mcp-data/core";
import { repeatUntilKnown } from "../client/settle.ts";
import { addMember } from "../habu/make.ts";
import { listMembers, listPartners, listRoles, sameEmail } from "../habu/people.ts";
import { resolve } from "../habu/resolve.ts";
import type { Room } from "../habu/rooms.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { record } from "./record.ts";
import { removeUser } from "./remove-user.ts";

export async function changeUser(work: Work<Input>, room: Room) {
  const { input, habu } = work;
  const members = await listMembers(habu, room.id);
  const roles = await listRoles(habu, room.id);
  const typed = input.user;
  if (typed === undefined)
    return work.ask([
      { field: "user", why: "Whose role, by e-mail.", candidates: members.map(({ email: mail }) => mail) },
    ]);
  const member = members.find((one) => sameEmail(one.email, typed));
  const partner = (await listPartners(habu, room.id)).find(({ members: people }) =>
    people.some((one) => sameEmail(one.email, typed)),
  );
  const theirs = partner?.members.find((one) => sameEmail(one.email, typed));
  if (input.remove === true)
    return removeUser(work, room, typed, member ?? theirs, member === undefined ? partner?.id : undefined);
  if (input.role === undefined)
    return work.ask([{ field: "role", why: "Which role.", candidates: roles.map(({ name }) => name) }]);
  const role = resolve("role", input.role, roles);
  const now = member ?? theirs;
  if (now?.role === role.name) return work.end({ summary: `${typed} has the role ${role.name} already.` });
  if (theirs !== undefined && /administrator/i.test(theirs.role)) {
    throw new ToolError(
      "UNSUPPORTED",
      "The platform does not change the role of a partner's administrator.",
      { hint: "The partner does this in the console.", details: { reason: "PLATFORM_LIMIT" } },
    );
  }
  const stop = await work.plan([
    {
      step: now === undefined ? "add user" : "change role",
      what: `${typed}: ${now?.role ?? "not a member"} to ${role.name}`,
      effect: "changes what this person may see and do",
    },
  ]);
  if (stop !== undefined) return stop;
  await work.step("role", `role of ${typed}`, async () => {
    if (now === undefined) return addMember(habu, room.id, typed, role.name);
    const path = { cleanroomId: room.id, cleanroomUserId: now.id, cleanRoomRoleId: role.id };
    await repeatUntilKnown<unknown>(
      () =>
        theirs === undefined || partner === undefined || member !== undefined
          ? habu.call("updateCleanroomUserRole", { path })
          : habu.call("updateCleanroomPartnerUserRole", {
              path: { ...path, cleanroomPartnerId: partner.id },
            }),
      async () => undefined,
    );
    return { value: { id: now.id, name: now.name } };
  });
  const after = [
    ...(await listMembers(habu, room.id, { fresh: true })),
    ...(await listPartners(habu, room.id, { fresh: true })).flatMap(({ members: people }) => people),
  ].find((one) => sameEmail(one.email, typed));
  record(work, room, typed, now?.role ?? "none", after?.role ?? "none");
  return work.end({
    summary: `${typed} has the role ${after?.role ?? "none"}, read back.`,
    result: { before: now?.role ?? null, after: after?.role ?? null },
  });
}
