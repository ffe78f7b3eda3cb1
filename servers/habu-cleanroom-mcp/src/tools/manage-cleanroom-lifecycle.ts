import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import { listDatasets } from "../habu/bindings.ts";
import { invite, remove } from "../habu/make.ts";
import { listInvitations, listPartners, sameEmail } from "../habu/people.ts";
import { plainText } from "../habu/plain-text.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { findRoom, type Room, readRoom, roomTypes, shownRoom } from "../habu/rooms.ts";
import { visible } from "../habu/visible.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { day, reference, text } from "./fields.ts";

const shape = {
  cleanroom: reference,
  action: z.enum([
    "update",
    "invite",
    "remove_partner",
    "cancel_invitation",
    "reinvite",
    "close",
    "archive",
    "reactivate",
    "delete",
  ]),
  name: text(120).optional(),
  description: text(1_000).optional(),
  end: day.optional(),
  partner: text(254).optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const manageCleanroomLifecycle = workflowTool({
  name: "manage_cleanroom_lifecycle",
  title: "Change or end a clean room",
  description:
    "Renames, re-dates, closes or deletes a clean room; invites, removes or re-invites partners. What cannot be undone asks to confirm. There is no archive call: the substitute is named.",
  group: "workspace",
  kind: "destructive",
  needs: ["updateCleanroom"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getCleanroomById",
      "getCleanroomTypes",
      "deleteCleanroom",
      "listPartnerInvitationsForInviter",
    ] as const),
    ...([
      "addCleanroomPartner",
      "cancelPartnerInvitationById",
      "getAllCleanroomPartners",
      "deleteCleanroomPartner",
    ] as const),
    ...(["getAllCleanroomQuestions", "getCleanroomDatasets", "getAllDataExportJobs"] as const),
  ],
  input: shape,
  words: {
    cleanroom: "id or name",
    action: "action",
    name: "new name",
    description: "new text",
    end: "date",
    partner: "e-mail or name",
  },
  async run(work) {
    const room = await findRoom(work.habu, work.input.cleanroom);
    switch (work.input.action) {
      case "update":
        return update(work, room, {});
      case "close":
        return update(work, room, { end: new Date(work.services.clock.now()).toISOString().slice(0, 10) });
      case "archive":
        throw noSuch(
          "archive a clean room",
          'Close it instead: action "close" sets its end to today. Whether that stops schedules is unverified.',
        );
      case "reactivate":
        throw noSuch(
          "change a clean room's status",
          'Move its end instead: action "update" with a later end.',
        );
      case "delete":
        return deleteRoom(work, room);
      case "invite":
        return invitePartner(work, room);
      case "reinvite":
        return reinvite(work, room);
      case "cancel_invitation":
        return cancelInvitation(work, room);
      case "remove_partner":
        return removePartner(work, room);
    }
  },
});

async function update(work: Work<Input>, room: Room, forced: { end?: string }) {
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

async function deleteRoom(work: Work<Input>, room: Room) {
  const { habu } = work;
  const unseen: string[] = [];
  const questions = await listRoomQuestions(habu, room.id);
  const partners = await visible("partners", () => listPartners(habu, room.id), unseen);
  const datasets = await visible("datasets", () => listDatasets(habu, room.id), unseen);
  const jobs = await visible(
    "export jobs",
    () => habu.call("getAllDataExportJobs", { path: { cleanroomId: room.id } }),
    unseen,
  );
  const lost = {
    questions: questions.length,
    partners: partners?.length ?? "not visible",
    datasets: datasets?.length ?? "not visible",
    export_jobs: jobs?.length ?? "not visible",
  };
  const stop = await work.plan(
    [{ step: "delete clean room", what: `${room.displayId} "${room.name}"`, effect: "cannot be undone" }],
    { cleanroom: shownRoom(room), lost, ...(unseen.length === 0 ? {} : { not_visible: unseen }) },
  );
  if (stop !== undefined) return stop;
  await work.step("delete", `delete clean room ${room.displayId}`, async () => {
    await remove(() => habu.call("deleteCleanroom", { path: { cleanroomId: room.id } }));
    return { value: room.id };
  });
  const left = await readRoom(habu, room.id).then(
    () => true,
    (error: unknown) => !(error instanceof ToolError && error.code === "NOT_FOUND"),
  );
  return work.end({
    summary: left
      ? `${room.displayId} was deleted, but can still be read.`
      : `${room.displayId} is gone; reading it answers 404.`,
    result: { lost },
  });
}

async function invitePartner(work: Work<Input>, room: Room) {
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

async function reinvite(work: Work<Input>, room: Room) {
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

async function cancelInvitation(work: Work<Input>, room: Room) {
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
  work.step(`cancel:${invitationId}`, `cancel invitation of ${plainText(to, 60)}`, async () => {
    await remove(() =>
      work.habu.call("cancelPartnerInvitationById", { path: { cleanroomId: room.id, invitationId } }),
    );
    return { value: invitationId };
  });

async function removePartner(work: Work<Input>, room: Room) {
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
  await work.step(`remove:${found.id}`, `remove partner ${plainText(found.name, 60)}`, async () => {
    await remove(() =>
      work.habu.call("deleteCleanroomPartner", {
        path: { cleanroomId: room.id, cleanroomPartnerId: found.id },
      }),
    );
    return { value: found.id };
  });
  const left = await listPartners(work.habu, room.id, { fresh: true });
  return work.end({
    summary: left.some(({ id }) => id === found.id)
      ? "The partner still shows after removal."
      : `${found.name} is no longer in the room.`,
    result: { partners: left.map(({ name }) => name) },
  });
}

function partnerOf({ input }: Work<Input>): string {
  if (input.partner !== undefined) return input.partner;
  throw new ToolError("VALIDATION_ERROR", `partner is missing for ${input.action}.`, {
    hint: "Give the partner's e-mail address or name.",
  });
}

function noSuch(what: string, substitute: string): ToolError {
  return new ToolError("UNSUPPORTED", `The platform cannot ${what}.`, {
    hint: substitute,
    details: { reason: "PLATFORM_LIMIT" },
  });
}
