import { listPartners, sameEmail } from "../habu/people.ts";
import { plainText } from "../habu/plain-text.ts";
import { resolve } from "../habu/resolve.ts";
import type { Room } from "../habu/rooms.ts";
import { removal } from "../workflow/removal.ts";
import type { Work } from "../workflow/work.ts";
import { type Input, partnerOf } from "./input.ts";

export async function removePartner(work: Work<Input>, room: Room) {
  const typed = partnerOf(work);
  const partners = await listPartners(work.habu, room.id);
  const byMail = partners.find(({ members }) => members.some((member) => sameEmail(member.email, typed)));
  const found = byMail ?? resolve("partner", typed, partners);
  const stop = await work.plan([
    {
      step: "remove partner",
      what: `${found.name} with ${found.members.length} user(s)`,
      effect: "they lose access to the room",
    },
  ]);
  if (stop !== undefined) return stop;
  await removal(work, `remove:${found.id}`, `remove partner ${plainText(found.name, 60)}`, () =>
    work.habu.call("deleteCleanroomPartner", {
      path: { cleanroomId: room.id, cleanroomPartnerId: found.id },
    }),
  );
  const left = await listPartners(work.habu, room.id, { fresh: true });
  return work.end({
    summary: left.some(({ id }) => id === found.id)
      ? "The partner still shows after removal."
      : `${found.name} is no longer in the room.`,
    result: { partners: left.map(({ name }) => name) },
  });
}
