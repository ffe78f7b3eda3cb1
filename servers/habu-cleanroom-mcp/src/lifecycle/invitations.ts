import { invite } from "../habu/make.ts";
import { listInvitations, sameEmail } from "../habu/people.ts";
import { plainText } from "../habu/plain-text.ts";
import { resolve } from "../habu/resolve.ts";
import type { Room } from "../habu/rooms.ts";
import { removal } from "../workflow/removal.ts";
import type { Work } from "../workflow/work.ts";
import { type Input, partnerOf } from "./input.ts";

export async function invitePartner(work: Work<Input>, room: Room) {
  const to = partnerOf(work);
  const stop = await work.plan([{ step: "invite partner", what: to, effect: "mails this person" }]);
  if (stop !== undefined) return stop;
  const made = await work.step(`invite:${to}`, `invitation of ${to}`, () =>
    invite(work.habu, room.id, to, undefined),
  );
  return work.end({
    summary: `The invitation of ${to} is ${made.status}.`,
    result: { invitation: made },
    next: [
      {
        tool: "onboard_partner",
        why: "follow the invitation",
        arguments: { cleanroom: room.displayId, email: to },
      },
    ],
  });
}

export async function reinvite(work: Work<Input>, room: Room) {
  const to = partnerOf(work);
  const open = (await listInvitations(work.habu, room.id)).filter(
    (one) => sameEmail(one.email, to) && one.status !== "ACCEPTED",
  );
  const stop = await work.plan(
    [
      ...open.map((one) => ({
        step: "cancel invitation",
        what: `${to} (${one.status})`,
        effect: "the old link stops working",
      })),
      { step: "invite partner", what: to, effect: "mails this person" },
    ],
    { limits: ["The platform cannot resend an invitation: the old one is cancelled and a new one made."] },
  );
  if (stop !== undefined) return stop;
  for (const one of open) await cancelStep(work, room, one.id, to);
  const made = await work.step(`invite:${to}`, `invitation of ${to}`, () =>
    invite(work.habu, room.id, to, undefined),
  );
  return work.end({
    summary: `${open.length} old invitation(s) cancelled; the new one is ${made.status}.`,
    result: { invitation: made },
  });
}

export async function cancelInvitation(work: Work<Input>, room: Room) {
  const to = partnerOf(work);
  const all = await listInvitations(work.habu, room.id);
  const found = resolve(
    "open invitation",
    to,
    all.filter(({ status }) => status !== "ACCEPTED").map((one) => ({ id: one.id, name: one.email })),
  );
  const stop = await work.plan([
    { step: "cancel invitation", what: found.name, effect: "its link stops working" },
  ]);
  if (stop !== undefined) return stop;
  await cancelStep(work, room, found.id, found.name);
  const left = (await listInvitations(work.habu, room.id, { fresh: true })).some(({ id }) => id === found.id);
  return work.end({
    summary: left
      ? "The invitation still shows after it was cancelled."
      : `The invitation of ${found.name} is gone.`,
  });
}

const cancelStep = (work: Work<Input>, room: Room, invitationId: string, to: string) =>
  removal(work, `cancel:${invitationId}`, `cancel invitation of ${plainText(to, 60)}`, () =>
    work.habu.call("cancelPartnerInvitationById", { path: { cleanroomId: room.id, invitationId } }),
  );
