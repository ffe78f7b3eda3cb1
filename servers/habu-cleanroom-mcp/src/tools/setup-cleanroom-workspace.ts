import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import type { ToSend } from "../contract/types.ts";
import { listDatasets } from "../habu/bindings.ts";
import { collect } from "../habu/collect.ts";
import { findConnection, stateOf } from "../habu/connections.ts";
import { addMember, attachQuestion, invite, makeRoom, provision } from "../habu/make.ts";
import { findOrganisationQuestion } from "../habu/organisation-questions.ts";
import { listInvitations } from "../habu/people.ts";
import { plainText } from "../habu/plain-text.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import { listRooms, readRoom, roomTypes, shownRoom } from "../habu/rooms.ts";
import { visible } from "../habu/visible.ts";
import type { PlannedStep, Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { day, email, reference, text } from "./fields.ts";

const features = ["EXPORT", "VIEW_QUERY", "HABU_INTELLIGENCE", "PAIR", "OPJA"] as const;

const shape = {
  name: text(120),
  type: z
    .enum([
      "Hybrid",
      "Snowflake",
      "Databricks",
      "Google",
      "AWS",
      "Facebook",
      "AMC",
      "ADH",
      "LinkedIn",
      "HabuConfidentialComputing",
    ])
    .optional(),
  description: text(1_000).optional(),
  start: day.optional(),
  end: day.optional(),
  region: z.enum(["EU", "US", "APAC", "AFRICA", "UAE"]).optional(),
  cloud: z.enum(["AWS", "GCP", "AZURE"]).optional(),
  features: z.array(z.enum(features)).optional(),
  data_decibel: z.int().min(1).max(10).optional(),
  crowd_size: z.int().min(1).max(100).optional(),
  partners: z.array(email).max(20).optional(),
  users: z.array(email).max(20).optional(),
  connections: z.array(reference).max(20).optional(),
  questions: z.array(reference).max(20).optional(),
  adopt: z.boolean().optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

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
    ...(["getCleanroomDatasets", "getAllCleanroomQuestions", "addCleanroomQuestion"] as const),
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
      adopted
        ? { step: "use clean room", what: `${existing.displayId}, as it is; its settings stay` }
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

/** The request with defaults taken, checked before anything is written. */
async function requestFor({
  input,
  habu,
  assume,
  services,
}: Work<Input>): Promise<ToSend<"CleanRoomRequest">> {
  const type = input.type ?? "Hybrid";
  if (input.type === undefined) assume("type Hybrid");
  const start = input.start ?? new Date(services.clock.now()).toISOString().slice(0, 10);
  if (input.start === undefined) assume(`start ${start} (today)`);
  if (input.region === undefined) assume("region US");
  if (input.cloud === undefined) assume("cloud AWS");
  if (input.end !== undefined && input.end < start) {
    throw new ToolError("VALIDATION_ERROR", "end is before start.", {
      hint: "Give an end after the start, or leave it out.",
    });
  }
  const offered = (await roomTypes(habu)).map(({ name }) => name);
  if (!offered.includes(type)) {
    throw new ToolError("VALIDATION_ERROR", `This organisation cannot create rooms of type ${type}.`, {
      hint: `It offers: ${offered.join(", ")}.`,
      details: { reason: "TYPE_NOT_OFFERED" },
    });
  }
  return {
    name: input.name,
    type,
    startAt: start,
    ...(input.end === undefined ? {} : { endAt: input.end }),
    ...(input.description === undefined ? {} : { description: input.description }),
    parameters: {
      REGION: `REGION_${input.region ?? "US"}`,
      CLOUD: `CLOUD_${input.cloud ?? "AWS"}`,
      ...Object.fromEntries(
        features.map((one) => [`ENABLE_${one}`, String(input.features?.includes(one) === true)]),
      ),
      ...(input.data_decibel === undefined ? {} : { DATA_DECIBEL: String(input.data_decibel) }),
      ...(input.crowd_size === undefined ? {} : { CROWD_SIZE: String(input.crowd_size) }),
    },
  };
}

async function summary(work: Work<Input>, roomId: string, body: ToSend<"CleanRoomRequest">) {
  const { habu } = work;
  const unseen: string[] = [];
  const room = await readRoom(habu, roomId);
  const invitations = await visible("invitations", () => listInvitations(habu, roomId), unseen);
  const datasets = await visible("datasets", () => listDatasets(habu, roomId), unseen);
  const questions = await listRoomQuestions(habu, roomId);
  const missing = questions.filter(({ status }) => status !== "READY");
  return work.end({
    summary: `Clean room ${room.displayId} exists with ${datasets?.length ?? 0} dataset(s), ${questions.length} question(s) and ${invitations?.length ?? 0} invitation(s).`,
    result: {
      cleanroom: shownRoom(room),
      sent_settings: body.parameters,
      invitations: invitations?.map(({ email: to, status }) => ({ email: to, status })),
      datasets: datasets?.map(({ id, name }) => ({ id, name })),
      questions: questions.map(({ id, displayId, name, status }) => ({
        id,
        display_id: displayId,
        name,
        status,
      })),
      ...(unseen.length === 0 ? {} : { not_visible: unseen }),
      limits: [
        "Region, cloud and privacy settings cannot be read back from the platform; sent_settings is what was sent.",
      ],
    },
    next: [
      ...missing.slice(0, 3).map(({ displayId }) => ({
        tool: "deploy_analytics_question",
        why: "its datasets are not assigned yet",
        arguments: { cleanroom: room.displayId, question: displayId },
      })),
      ...(invitations?.some(({ status }) => status === "PENDING")
        ? [
            {
              tool: "onboard_partner",
              why: "follow the open invitations",
              arguments: { cleanroom: room.displayId },
            },
          ]
        : []),
      ...(questions.length === 0
        ? [
            {
              tool: "deploy_analytics_question",
              why: "the room has no question yet",
              arguments: { cleanroom: room.displayId },
            },
          ]
        : []),
    ],
  });
}
