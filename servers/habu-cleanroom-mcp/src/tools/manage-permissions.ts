import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import { listDatasets } from "../habu/bindings.ts";
import { collect } from "../habu/collect.ts";
import { addMember, remove } from "../habu/make.ts";
import { listMembers, listPartners, listRoles, type Member, sameEmail } from "../habu/people.ts";
import { permissionWords, readPermissions, setPermissions } from "../habu/permissions.ts";
import { plainText } from "../habu/plain-text.ts";
import { findQuestion, listRoomQuestions } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { findRoom, type Room } from "../habu/rooms.ts";
import { visible } from "../habu/visible.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { email, reference, text } from "./fields.ts";

const shape = {
  cleanroom: reference,
  action: z.enum(["report", "question", "dataset", "user", "audit"]),
  question: reference.optional(),
  permissions: z.partialRecord(z.enum(permissionWords), z.enum(["owner", "partners"])).optional(),
  dataset: reference.optional(),
  partner_can_assign: z.boolean().optional(),
  filters: z
    .array(
      z.strictObject({
        field: text(),
        operator: z.enum(["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"]),
        values: z.array(text()).min(1).max(100),
      }),
    )
    .max(20)
    .optional(),
  user: email.optional(),
  role: text(60).optional(),
  remove: z.boolean().optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const managePermissions = workflowTool({
  name: "manage_permissions",
  title: "Permissions and roles",
  description:
    "Reports who may do what in a clean room, and changes permissions of a question, access to a dataset, and roles of users, with before and after kept for audit. Changes need confirmation. A permission is for the owner or all partners; the platform has none for a single partner.",
  group: "collaboration",
  kind: "destructive",
  needs: [],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getCleanroomQuestionPermissions",
      "configureCleanRoomQuestionPermissions",
      "getCleanroomDatasets",
      "getCleanroomDatasetById",
    ] as const),
    ...([
      "updateCleanroomDatasetPartnerAssignment",
      "updateCleanroomDatasetById",
      "getCleanroomUsers",
      "getCleanroomRoles",
      "getAllCleanroomPartners",
    ] as const),
    ...([
      "addCleanroomUser",
      "updateCleanroomUserRole",
      "deleteCleanroomUser",
      "updateCleanroomPartnerUserRole",
      "deleteCleanroomPartnerUser",
    ] as const),
  ],
  input: shape,
  words: {
    cleanroom: "id or name",
    action: "action",
    question: "id or name",
    permissions: "{VIEW_CODE|EDIT|CLONE|RUN|VIEW_RESULTS|DELETE: owner|partners}",
    dataset: "id or name",
    partner_can_assign: "boolean",
    filters: "[{field, operator, values}]",
    user: "e-mail",
    role: "name",
    remove: "boolean",
  },
  async run(work) {
    const room = await findRoom(work.habu, work.input.cleanroom);
    switch (work.input.action) {
      case "report":
        return report(work, room);
      case "audit":
        return audit(work, room);
      case "question":
        return changeQuestion(work, room);
      case "dataset":
        return changeDataset(work, room);
      case "user":
        return changeUser(work, room);
    }
  },
});

async function report(work: Work<Input>, room: Room) {
  const { habu } = work;
  const unseen: string[] = [];
  const questions = (await listRoomQuestions(habu, room.id)).slice(0, 40);
  const permissions = await collect(questions, async ({ id, displayId, name }) => ({
    question: displayId,
    name,
    permissions: await readPermissions(habu, id),
  }));
  const members = await visible("users", () => listMembers(habu, room.id), unseen);
  const partners = await visible("partners", () => listPartners(habu, room.id), unseen);
  const datasets = await visible("datasets", () => listDatasets(habu, room.id), unseen);
  const open = permissions.filter(
    (one) => one.permissions.VIEW_CODE === "partners" || one.permissions.EDIT === "partners",
  );
  return work.end({
    summary: `${questions.length} question(s), ${members?.length ?? "?"} own user(s), ${partners?.length ?? "?"} partner(s) in ${room.displayId}; ${open.length} question(s) show code or allow edits to partners.`,
    result: {
      questions: permissions,
      users: members?.map(({ email: mail, role }) => ({ email: mail, role })),
      partners: partners?.map(({ name, members: people }) => ({
        name,
        users: people.map(({ email: mail, role }) => ({ email: mail, role })),
      })),
      datasets: datasets?.map(({ name, partnerCanAssign, filters }) => ({
        name,
        partner_can_assign: partnerCanAssign,
        filters,
      })),
      attention: open.map(({ question }) => `${question}: partners may read or change the code`),
      ...(unseen.length === 0 ? {} : { not_visible: unseen }),
    },
  });
}

function audit(work: Work<Input>, room: Room) {
  const entries = work.services.accessLog.recent(
    50,
    (entry) => entry.room === room.id && entry.what === "permission",
  );
  return work.end({
    summary: `${entries.length} permission change(s) made through this server.`,
    result: {
      changes: entries,
      limits: ["The platform has no audit log; changes made in the console are not here."],
    },
  });
}

function record(work: Work<Input>, room: Room, target: string, before: unknown, after: unknown): void {
  work.services.accessLog.add({
    at: new Date(work.services.clock.now()).toISOString(),
    what: "permission",
    room: room.id,
    target,
    before,
    after,
    principal: work.principal.id,
  });
}

async function changeQuestion(work: Work<Input>, room: Room) {
  const { input, habu } = work;
  const questions = await listRoomQuestions(habu, room.id);
  if (input.question === undefined)
    return work.ask([
      {
        field: "question",
        why: "Whose permissions.",
        candidates: questions.map(({ name }) => name).slice(0, 30),
      },
    ]);
  const question = await findQuestion(habu, input.question, input.cleanroom);
  const before = await readPermissions(habu, question.id);
  const wanted = input.permissions ?? {};
  const changes = Object.entries(wanted).filter(([word, access]) => before[word] !== access);
  if (input.permissions === undefined)
    return work.ask(
      [
        {
          field: "permissions",
          why: "Which to change, each to owner or partners.",
          candidates: [...permissionWords],
        },
      ],
      { now: before },
    );
  if (changes.length === 0)
    return work.end({ summary: "Nothing to change.", result: { permissions: before } });
  const stop = await work.plan(
    changes.map(([word, access]) => ({
      step: "set permission",
      what: `${question.displayId} ${word}: ${before[word] ?? "unset"} to ${access}`,
      effect: access === "partners" ? "every partner of the room gets it" : "partners lose it",
    })),
    { before },
  );
  if (stop !== undefined) return stop;
  const different = await work.step("permissions", "permissions", async () => ({
    value: await setPermissions(habu, question.id, Object.fromEntries(changes)),
  }));
  const after = await readPermissions(habu, question.id, { fresh: true });
  record(work, room, question.displayId, before, after);
  if (different.length > 0) work.warn(`Read back differently: ${different.join(", ")}`);
  return work.end({
    summary: `${changes.length} permission(s) of ${question.displayId} ${different.length === 0 ? "changed and read back" : "sent"}.`,
    result: { before, after },
  });
}

async function changeDataset(work: Work<Input>, room: Room) {
  const { input, habu } = work;
  const datasets = await listDatasets(habu, room.id);
  if (input.dataset === undefined)
    return work.ask([{ field: "dataset", why: "Which one.", candidates: datasets.map(({ name }) => name) }]);
  const dataset = resolve("dataset of this clean room", input.dataset, datasets);
  if (input.partner_can_assign === undefined && input.filters === undefined) {
    return work.ask(
      [
        {
          field: "partner_can_assign",
          why: "Whether partners may assign it to their questions.",
          candidates: ["true", "false"],
        },
      ],
      {
        dataset: {
          name: dataset.name,
          partner_can_assign: dataset.partnerCanAssign,
          filters: dataset.filters,
        },
      },
    );
  }
  const unknown = input.filters?.find(({ field }) => !dataset.fields.includes(field));
  if (unknown !== undefined)
    throw new ToolError(
      "VALIDATION_ERROR",
      `"${plainText(unknown.field, 60)}" is no field of this dataset.`,
      { hint: `Fields: ${dataset.fields.slice(0, 20).join(", ")}.` },
    );
  const stop = await work.plan([
    ...(input.partner_can_assign === undefined
      ? []
      : [
          {
            step: "partner assignment",
            what: `${dataset.name}: ${dataset.partnerCanAssign} to ${input.partner_can_assign}`,
            effect: input.partner_can_assign ? "partners may use it in their questions" : "partners lose it",
          },
        ]),
    ...(input.filters === undefined
      ? []
      : [
          {
            step: "replace filters",
            what: `${dataset.name}: ${input.filters.length} filter(s)`,
            effect: "every question sees only what passes",
          },
        ]),
  ]);
  if (stop !== undefined) return stop;
  const { partner_can_assign: partnerCanAssign, filters } = input;
  if (partnerCanAssign !== undefined) {
    await work.step("assignment", "partner assignment", async () => {
      await repeatUntilKnown(
        () =>
          habu.call("updateCleanroomDatasetPartnerAssignment", {
            path: { cleanroomId: room.id },
            body: [{ datasetId: dataset.id, partnerCanAssign }],
          }),
        async () => undefined,
      );
      return { value: partnerCanAssign };
    });
  }
  if (filters !== undefined) {
    await work.step("filters", "filters", async () => {
      const current = await habu.call(
        "getCleanroomDatasetById",
        { path: { cleanroomId: room.id, datasetId: dataset.id } },
        { fresh: true },
      );
      const body: ToSend<"CleanRoomDatasetUpdateRequest"> = {
        datasetFieldMappings: (current.datasetFieldMappings ?? []) as ToSend<"DatasetFieldMappings">,
        datasetFilters: filters.map(({ field, operator, values }) => ({
          datasetFieldName: field,
          operator,
          values,
        })),
      };
      await repeatUntilKnown(
        () =>
          habu.call("updateCleanroomDatasetById", {
            path: { cleanroomId: room.id, datasetId: dataset.id },
            body,
          }),
        async () => undefined,
      );
      return { value: filters.length };
    });
  }
  const after = (await listDatasets(habu, room.id, { fresh: true })).find(({ id }) => id === dataset.id);
  record(
    work,
    room,
    `dataset ${dataset.id}`,
    { partner_can_assign: dataset.partnerCanAssign, filters: dataset.filters },
    { partner_can_assign: after?.partnerCanAssign, filters: after?.filters },
  );
  return work.end({
    summary: `${dataset.name}: partner_can_assign ${String(after?.partnerCanAssign)}, ${after?.filters ?? 0} filter(s), read back.`,
  });
}

async function changeUser(work: Work<Input>, room: Room) {
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

async function removeUser(
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
  await work.step("remove", `user ${typed}`, async () => {
    const path = { cleanroomId: room.id, cleanroomUserId: member.id };
    await remove(() =>
      partnerId === undefined
        ? habu.call("deleteCleanroomUser", { path })
        : habu.call("deleteCleanroomPartnerUser", { path: { ...path, cleanroomPartnerId: partnerId } }),
    );
    return { value: member.id };
  });
  record(work, room, typed, member.role, "none");
  return work.end({ summary: `${typed} is removed from ${room.displayId}.` });
}
