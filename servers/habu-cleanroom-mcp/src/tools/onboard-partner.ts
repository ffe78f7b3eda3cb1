import type { z } from "zod";
import { listBindings } from "../habu/bindings.ts";
import { collect } from "../habu/collect.ts";
import { invite } from "../habu/make.ts";
import { listInvitations, listPartners, type Partner, sameEmail } from "../habu/people.ts";
import { plainText } from "../habu/plain-text.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import { findRoom, type Room, shownRoom } from "../habu/rooms.ts";
import { email, reference, text } from "../workflow/fields.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

const shape = { cleanroom: reference, email: email.optional(), note: text(1_000).optional() };
type Input = z.output<z.ZodObject<typeof shape>>;

export const onboardPartner = workflowTool({
  name: "onboard_partner",
  title: "Onboard a partner",
  description:
    "Invites a partner, or follows one already invited: status and age of the invitation, what the partner still has to do, which datasets and questions wait for them, and whether their setup is complete. Inviting mails a person and needs confirmation.",
  group: "collaboration",
  kind: "destructive",
  needs: ["addCleanroomPartner"],
  uses: [
    "getAllCleanrooms",
    "listPartnerInvitationsForInviter",
    "getAllCleanroomPartners",
    "getAllCleanroomQuestions",
    "getAllCleanroomQuestionDatasets",
  ],
  input: shape,
  words: { cleanroom: "id or name", email: "of the partner", note: "for the mail" },
  async run(work) {
    const { input, habu } = work;
    const room = await findRoom(habu, input.cleanroom);
    const invitations = await listInvitations(habu, room.id);
    const partners = await listPartners(habu, room.id);
    const to = input.email;
    if (to === undefined) return overview(work, room, invitations, partners);
    const joined = partners.find(({ members }) => members.some((member) => sameEmail(member.email, to)));
    if (joined !== undefined) return checklist(work, room, joined);
    const open = invitations.find((one) => sameEmail(one.email, to));
    if (
      open !== undefined &&
      open.status !== "DECLINED" &&
      open.status !== "DECLINED_BY_ADMIN" &&
      !work.resumed(`invite:${to}`)
    )
      return pending(work, room, open);
    const note =
      input.note ??
      `Join the clean room "${room.name.slice(0, 80)}": accept, connect your data, and assign the datasets its questions wait for.`;
    if (input.note === undefined) work.assume("a standard note");
    const stop = await work.plan([{ step: "invite partner", what: to, effect: "mails this person" }], {
      cleanroom: shownRoom(room),
      note,
    });
    if (stop !== undefined) return stop;
    const made = await work.step(`invite:${to}`, `invitation of ${to}`, () =>
      invite(habu, room.id, to, note),
    );
    return work.end({
      summary: `${to} is invited to ${room.displayId} (${made.status}).`,
      result: { invitation: made, partner_must: guide, limits },
      next: [
        {
          tool: "onboard_partner",
          why: "see whether it was accepted",
          arguments: { cleanroom: room.displayId, email: to },
        },
      ],
    });
  },
});

const guide = [
  "Have a LiveRamp or Habu account: the mail reaches nobody else.",
  "Accept the invitation in the console.",
  "Add the colleagues who will work in the room.",
  "Connect their data and add it to the room.",
  "Assign their datasets to the questions that wait for them.",
];
const limits = [
  "The platform cannot resend an invitation; manage_cleanroom_lifecycle with action reinvite cancels and invites anew.",
  "Invitations do not expire as far as the platform says.",
];

function ageDays(createdAt: string | undefined, now: number): number | undefined {
  const at = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  return Number.isNaN(at) ? undefined : Math.floor((now - at) / 86_400_000);
}

function pending(
  work: Work<Input>,
  room: Room,
  open: { email: string; status: string; createdAt: string | undefined },
) {
  const age = ageDays(open.createdAt, work.services.clock.now());
  const old = age !== undefined && age >= 7;
  return work.end({
    status: "waiting",
    summary: `${open.email} was invited ${age === undefined ? "some time" : `${age} day(s)`} ago: ${open.status}.${old ? " Follow up with them directly." : ""}`,
    result: {
      invitation: { email: open.email, status: open.status, age_days: age },
      partner_must: guide,
      limits,
    },
    next: old
      ? [
          {
            tool: "manage_cleanroom_lifecycle",
            why: "send a new invitation, if the user wants it",
            arguments: { cleanroom: room.displayId, action: "reinvite", partner: open.email },
          },
        ]
      : [],
  });
}

async function checklist(work: Work<Input>, room: Room, partner: Partner) {
  const { habu } = work;
  const questions = await listRoomQuestions(habu, room.id);
  const waiting = (
    await collect(questions.slice(0, 40), async (question) =>
      (
        await listBindings(habu, question.id)
      )
        .filter(
          ({ datasetId, organisationId }) =>
            datasetId === "" && (organisationId === partner.organisationId || organisationId === ""),
        )
        .map(({ macro, organisationId }) => ({
          question: question.displayId,
          macro,
          owner: organisationId === "" ? "nobody yet" : plainText(partner.name, 60),
        })),
    )
  ).flat();
  const theirs = waiting.filter(({ owner }) => owner !== "nobody yet");
  const hasAdmin = partner.members.some(({ role }) => /admin/i.test(role));
  const checks = [
    { check: "invitation accepted", ok: true },
    { check: "has users in the room", ok: partner.members.length > 0 },
    { check: "has a partner administrator", ok: hasAdmin },
    { check: "assigned every dataset that waits for it", ok: theirs.length === 0 },
  ];
  const complete = checks.every(({ ok }) => ok);
  return work.end({
    summary: complete
      ? `${partner.name} is fully set up in ${room.displayId}.`
      : `${partner.name} has joined; ${checks.filter(({ ok }) => !ok).length} point(s) are open.`,
    status: complete ? "done" : "waiting",
    result: {
      partner: {
        name: partner.name,
        users: partner.members.map(({ email: mail, role }) => ({ email: mail, role })),
      },
      checks,
      waiting_datasets: waiting,
      ...(questions.length > 40 ? { coverage: `40 of ${questions.length} questions were read` } : {}),
    },
    next: waiting.some(({ owner }) => owner === "nobody yet")
      ? [
          {
            tool: "deploy_analytics_question",
            why: "give each dataset an owner",
            arguments: { cleanroom: room.displayId, question: waiting[0]?.question ?? "" },
          },
        ]
      : [],
  });
}

function overview(
  work: Work<Input>,
  room: Room,
  invitations: readonly { email: string; status: string; createdAt: string | undefined }[],
  partners: readonly Partner[],
) {
  const now = work.services.clock.now();
  const open = invitations.filter(({ status }) => status !== "ACCEPTED");
  return work.end({
    summary: `${partners.length} partner(s) have joined ${room.displayId}; ${open.length} invitation(s) are open.`,
    result: {
      partners: partners.map(({ name, members }) => ({ name, users: members.length })),
      invitations: open.map(({ email: to, status, createdAt }) => ({
        email: to,
        status,
        age_days: ageDays(createdAt, now),
      })),
    },
    next: open.slice(0, 3).map(({ email: to }) => ({
      tool: "onboard_partner",
      why: "follow this one",
      arguments: { cleanroom: room.displayId, email: to },
    })),
  });
}
