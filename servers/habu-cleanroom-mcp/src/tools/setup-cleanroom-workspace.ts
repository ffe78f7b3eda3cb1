import { ToolError } from "@mcp-data/core";
import { collect } from "../habu/collect.ts";
import { findConnection, stateOf } from "../habu/connections.ts";
import { addMember, attachQuestion, invite, makeRoom, provision } from "../habu/make.ts";
import { findOrganisationQuestion } from "../habu/organisation-questions.ts";
import { plainText } from "../habu/plain-text.ts";
import { listRooms } from "../habu/rooms.ts";
import type { PlannedStep } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { shape } from "../workspace/input.ts";
import { requestFor } from "../workspace/request.ts";
import { summary } from "../workspace/summary.ts";

export const setupCleanroomWorkspace = workflowTool({
  name: "setup_cleanroom_workspace",
  title: "Set up a clean room",
  description:
    "Creates a clean room with settings, users, invitations, datasets and questions in one go and reads back what exists. Inviting mails people, so it asks to confirm.",
  group: "workspace",
  kind: "destructive",
  needs: ["createCleanroom"],
  uses: [
    ...([
      "getCleanroomTypes",
      "getAllCleanrooms",
      "getCleanroomById",
      "addCleanroomUser",
      "getCleanroomUsers",
    ] as const),
    ...([
      "listPartnerInvitationsForInviter",
      "addCleanroomPartner",
      "getAllDataConnections",
      "configureCleanroomDataset",
    ] as const),
    ...([
      "getCleanroomDatasets",
      "getAllCleanroomQuestions",
      "getQuestionDetails",
      "addCleanroomQuestion",
    ] as const),
  ],
  input: shape,
  words: {
    name: "name",
    type: "Hybrid, Snowflake, …",
    description: "description",
    start: "date",
    end: "date",
    region: "US, EU, APAC, AFRICA, UAE",
    cloud: "AWS, GCP, AZURE",
    features: "of EXPORT, VIEW_QUERY, HABU_INTELLIGENCE, PAIR, OPJA",
    data_decibel: "1-10",
    crowd_size: "1-100",
    partners: "e-mails",
    users: "own e-mails",
    connections: "names",
    questions: "names",
    adopt: "use the existing room",
  },
  timeoutMs: 180_000,
  async run(work) {
    const { input, habu } = work;
    const body = await requestFor(work);
    const existing = (await listRooms(habu)).find(({ name }) => name === input.name);
    const resumed = work.resumed("room");
    if (existing !== undefined && input.adopt !== true && !resumed) {
      throw new ToolError(
        "CONFLICT",
        `A clean room "${plainText(input.name, 80)}" exists already (${existing.displayId}).`,
        {
          hint: "Choose another name, or pass adopt: true to set up that one.",
          details: { reason: "NAME_TAKEN", id: existing.id, display_id: existing.displayId },
        },
      );
    }
    const connections = await collect(input.connections ?? [], (typed) => findConnection(habu, typed));
    const unready = connections.filter((one) => stateOf(one) !== "ready");
    if (unready.length > 0) {
      throw new ToolError(
        "CONFLICT",
        `The data connection "${plainText(unready[0]?.name ?? "", 80)}" is not configured yet (${unready[0]?.configuration}).`,
        {
          hint: "Finish it with establish_data_connection or manage_data_integration, or leave it out.",
          details: { reason: "NOT_READY", id: unready[0]?.id },
        },
      );
    }
    const questions = await collect(input.questions ?? [], (typed) => findOrganisationQuestion(habu, typed));

    const adopted = existing !== undefined && !resumed;
    const steps: PlannedStep[] = [
      existing !== undefined
        ? {
            step: "use clean room",
            what: `${existing.displayId}, ${resumed ? "made by the earlier call" : "as it is; its settings stay"}`,
          }
        : {
            step: "create clean room",
            what: `"${input.name}", ${body.type}, ${body.parameters?.REGION} on ${body.parameters?.CLOUD}`,
          },
      ...(input.users ?? []).map((one) => ({ step: "add user", what: `${one} as Administrator` })),
      ...(input.partners ?? []).map((one) => ({
        step: "invite partner",
        what: one,
        effect: "mails this person",
      })),
      ...connections.map(({ name }) => ({ step: "add dataset", what: name })),
      ...questions.map(({ name }) => ({ step: "add question", what: name })),
    ];
    const stop = await work.plan(steps);
    if (stop !== undefined) return stop;

    const room = await work.step("room", "clean room", async (retaken) =>
      adopted
        ? {
            value: { id: existing.id, display_id: existing.displayId, name: existing.name },
            state: "adopted" as const,
          }
        : makeRoom(habu, body, retaken),
    );
    for (const one of input.users ?? []) {
      await work.step(`user:${one}`, `user ${one}`, () => addMember(habu, room.id, one, "Administrator"));
    }
    for (const one of input.partners ?? []) {
      await work.step(`invite:${one}`, `invitation of ${one}`, () => invite(habu, room.id, one, undefined));
    }
    for (const one of connections) {
      await work.step(`dataset:${one.id}`, `dataset ${plainText(one.name, 60)}`, () =>
        provision(habu, room.id, one, false),
      );
    }
    for (const one of questions) {
      await work.step(`question:${one.id}`, `question ${plainText(one.name, 60)}`, () =>
        attachQuestion(habu, room.id, one, true),
      );
    }
    return summary(work, room.id, body);
  },
});
