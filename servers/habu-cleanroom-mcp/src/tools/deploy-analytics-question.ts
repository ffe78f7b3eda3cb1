import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { createOnce, repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import { type Assignment, assign, fittingDatasets, type MacroNeed, needsOf } from "../habu/assignment.ts";
import { listBindings, listDatasets } from "../habu/bindings.ts";
import { bodyOrQuery } from "../habu/body-or-query.ts";
import { attachQuestion, type MadeThing } from "../habu/make.ts";
import { findOrganisationQuestion, readOrganisationQuestion } from "../habu/organisation-questions.ts";
import { listParameters } from "../habu/parameters.ts";
import { listStakeholders } from "../habu/people.ts";
import {
  type Access,
  type PermissionWord,
  permissionWords,
  readPermissions,
  setPermissions,
} from "../habu/permissions.ts";
import { plainText } from "../habu/plain-text.ts";
import { listRoomQuestions, readQuestion, shownQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { findRoom, type Room } from "../habu/rooms.ts";
import type { PlannedStep, Question, Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text } from "./fields.ts";

const newQuestion = z.strictObject({
  title: text(),
  category: text(),
  sql: text(50_000),
  description: text(1_000).optional(),
  macros: z.record(text(), z.strictObject({ type: text(), fields: z.record(text(), text(40)) })),
  parameters: z.record(text(), text(40)).optional(),
  dimensions: z.record(text(), text(40)).optional(),
  measures: z.record(text(), text(40)).optional(),
});

const shape = {
  cleanroom: reference,
  question: reference.optional(),
  create: newQuestion.optional(),
  datasets: z.record(text(), reference).optional(),
  fields: z.record(text(), z.record(text(), text())).optional(),
  permissions: z.partialRecord(z.enum(permissionWords), z.enum(["owner", "partners"])).optional(),
  compute: z.enum(["DEFAULT", "MEDIUM", "LARGE", "XLARGE"]).optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const deployAnalyticsQuestion = workflowTool({
  name: "deploy_analytics_question",
  title: "Deploy a question",
  description:
    "Puts an existing or new question into a clean room, assigns datasets and fields, sets permissions, and says whether it can run. Partners assign their own datasets.",
  group: "questions",
  kind: "write",
  needs: ["addCleanroomQuestion"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getQuestionDetails",
      "createQuestion",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getCleanroomDatasets",
    ] as const),
    ...([
      "getCleanroomStakeholders",
      "getAllCleanroomQuestionDatasets",
      "assignCleanroomQuestionDatasetsOwnership",
      "configureCleanroomQuestionDatasets",
    ] as const),
    ...([
      "configureCleanRoomQuestionPermissions",
      "getCleanroomQuestionPermissions",
      "updateCleanroomQuestionComputeCapacity",
      "getCleanroomQuestionParameters",
      "getCleanroomQuestionDataTypeOptions",
    ] as const),
  ],
  input: shape,
  words: {
    cleanroom: "id or name",
    question: "id or name",
    create:
      "{title, category, sql, macros: {macro: {type, fields: {name: type}}}, parameters, dimensions, measures}",
    datasets: "{macro: dataset}",
    fields: "{macro: {field: dataset field}}",
    permissions: "{VIEW_CODE|EDIT|CLONE|RUN|VIEW_RESULTS|DELETE: owner|partners}",
    compute: "compute",
  },
  timeoutMs: 120_000,
  async run(work) {
    const { input, habu } = work;
    const room = await findRoom(habu, input.cleanroom);
    if (input.question === undefined && input.create === undefined) {
      const known = (await listRoomQuestions(habu, room.id)).map(({ name }) => name);
      return work.ask([
        {
          field: "question",
          why: "An existing question by id or name, or create with title, category, sql and macros.",
          candidates: known.slice(0, 20),
        },
      ]);
    }
    const known = input.question === undefined ? undefined : await detailed(work, input.question, room);
    const needs = known === undefined ? needsOfNew(input) : known.needs;
    const datasets = await listDatasets(habu, room.id);
    const { assignments, questions } = assignmentsOf(input, needs, datasets);
    if (questions.length > 0)
      return work.ask(questions, {
        datasets: datasets.map(({ name, dataType, organisationName }) => ({
          name,
          type: dataType,
          organisation: organisationName,
        })),
      });
    for (const one of assignments.filter(({ guessed }) => guessed))
      work.assume(`@${one.macro} is ${plainText(one.dataset.name, 60)}, the only dataset that fits`);

    const stakeholders = await listStakeholders(habu, room.id);
    const us = stakeholders.find(({ isOwner }) => isOwner);
    const steps: PlannedStep[] = [
      ...(known === undefined ? [{ step: "create question", what: input.create?.title ?? "" }] : []),
      { step: "add to clean room", what: room.displayId },
      ...assignments.map(({ macro, dataset }) => ({
        step: "assign dataset",
        what: `@${macro}: ${dataset.name} of ${dataset.organisationName}`,
      })),
      ...Object.entries(input.permissions ?? {}).map(([word, access]) => ({
        step: "set permission",
        what: `${word}: ${access}`,
      })),
      ...(input.compute === undefined ? [] : [{ step: "set compute", what: input.compute }]),
    ];
    const stop = await work.plan(steps);
    if (stop !== undefined) return stop;

    const question = known ?? (await createQuestion(work));
    const made = await work.step("attach", "question in the clean room", () =>
      attachQuestion(habu, room.id, question, true),
    );
    await assignDatasets(work, made, assignments, stakeholders, us?.id);
    if (input.permissions !== undefined) await permit(work, made.id, input.permissions);
    if (input.compute !== undefined) {
      const computeCapacity = input.compute;
      await work.step("compute", "compute capacity", async () => {
        await repeatUntilKnown(
          () =>
            habu.call("updateCleanroomQuestionComputeCapacity", {
              path: { cleanroomQuestionId: made.id },
              body: { computeCapacity },
            }),
          async () => undefined,
        );
        return { value: computeCapacity };
      });
    }
    return summary(work, room, made.id, us?.name);
  },
});

async function detailed(work: Work<Input>, typed: string, room: Room) {
  const found = await findOrganisationQuestion(work.habu, typed).catch(async (error: unknown) => {
    // A display id of a question in this room names its organisation question.
    const here = (await listRoomQuestions(work.habu, room.id)).find(
      ({ displayId, id }) => displayId.toLowerCase() === typed.toLowerCase() || id === typed,
    );
    if (here === undefined) throw error;
    return { id: here.questionId, name: here.name, details: undefined };
  });
  const { details } =
    found.details === undefined ? await readOrganisationQuestion(work.habu, found.id) : found;
  return { id: found.id, name: found.name, needs: needsOf(details) };
}

function needsOfNew({ create }: Input): MacroNeed[] {
  return Object.entries(create?.macros ?? {}).map(([macro, { type, fields }]) => {
    if (create?.sql.includes(`@${macro}`) !== true) {
      throw new ToolError("VALIDATION_ERROR", `The SQL does not use @${macro.slice(0, 60)}.`, {
        hint: "Macros are case-sensitive and stand in the SQL with an @.",
      });
    }
    return { macro, dataType: type, fields: Object.keys(fields) };
  });
}

function assignmentsOf(
  input: Input,
  needs: readonly MacroNeed[],
  datasets: Awaited<ReturnType<typeof listDatasets>>,
) {
  const assignments: Assignment[] = [];
  const questions: Question[] = [];
  for (const need of needs) {
    const typed = input.datasets?.[need.macro];
    const fitting = fittingDatasets(need, datasets);
    const chosen =
      typed === undefined
        ? fitting.length === 1
          ? fitting[0]
          : undefined
        : resolve("dataset of this clean room", typed, datasets);
    if (chosen === undefined) {
      questions.push({
        field: `datasets.${need.macro}`,
        why:
          fitting.length === 0
            ? `No dataset of type ${need.dataType} is in the room; add one, or choose another.`
            : `${fitting.length} datasets of type ${need.dataType} fit.`,
        candidates: (fitting.length === 0 ? datasets : fitting).map(({ name }) => name),
      });
      continue;
    }
    const made = assign(need, chosen, input.fields?.[need.macro] ?? {}, typed === undefined);
    assignments.push(made);
    for (const field of made.unmapped) {
      questions.push({
        field: `fields.${need.macro}.${field}`,
        why: `${chosen.name} has no field of this name.`,
        candidates: chosen.fields.slice(0, 40),
      });
    }
  }
  return { assignments, questions };
}

async function createQuestion(work: Work<Input>): Promise<MadeThing> {
  const { input, habu } = work;
  const create = input.create;
  if (create === undefined) throw new ToolError("INTERNAL_ERROR", "There is no question to create.");
  const pairs = (given: Record<string, string> | undefined) =>
    Object.entries(given ?? {}).map(([name, type]) => ({ name, type }));
  type DataTypes = NonNullable<NonNullable<ToSend<"Question">["questionDetails"]>["dataTypes"]>;
  const body: ToSend<"Question"> = {
    questionDetails: {
      title: create.title,
      category: create.category,
      ...(create.description === undefined ? {} : { description: create.description }),
      isAnalytics: true,
      outputFormat: "REPORT",
      visualization: "NO_CHART",
      queryDetails: [{ query: create.sql, cleanRoomType: "Hybrid", queryLanguage: "SQL" }],
      dataTypes: Object.entries(create.macros).map(([macro, { type, fields }]) => ({
        macro,
        importDataType: type,
        dataSetTypeFields: pairs(fields),
      })) as DataTypes,
      parameters: pairs(create.parameters),
      dimensions: pairs(create.dimensions),
      measures: pairs(create.measures),
    },
    settings: { queryValidation: true },
  };
  return work.step("create", `question "${plainText(create.title, 60)}"`, async () => {
    const { value, adopted } = await createOnce({
      what: `the question "${create.title}"`,
      attempt: async () => {
        const given = await habu.call("createQuestion", { body });
        return { id: given.questionID ?? "", name: create.title };
      },
      // The platform cannot list questions, so a lost answer cannot be cleared up.
      find: async () => {
        throw new ToolError("UNSUPPORTED", "Questions that are in no clean room cannot be listed.");
      },
    });
    return {
      value,
      state: adopted ? ("adopted" as const) : ("done" as const),
      undo: `delete the question ${value.id} in the console`,
    };
  });
}

async function assignDatasets(
  work: Work<Input>,
  made: MadeThing,
  assignments: readonly Assignment[],
  stakeholders: readonly { id: string; name: string }[],
  ourId: string | undefined,
) {
  const { habu } = work;
  const path = { cleanroomQuestionId: made.id };
  const bound = await listBindings(habu, made.id, { fresh: true });
  const owners = assignments.flatMap(({ macro, dataset }) => {
    const owner = stakeholders.find(({ name }) => name === dataset.organisationName);
    const now = bound.find((one) => one.macro === macro);
    return owner === undefined || now?.organisationId === owner.id
      ? []
      : [{ macro, organizationId: owner.id }];
  });
  if (owners.length > 0) {
    await work.step("owners", "owners of the datasets", async () => {
      await bodyOrQuery(
        () => habu.call("assignCleanroomQuestionDatasetsOwnership", { path, body: owners }),
        () =>
          habu.call("assignCleanroomQuestionDatasetsOwnership", {
            path,
            query: { AssignCleanroomQuestionDatasetRequests: JSON.stringify(owners) },
          }),
      );
      return { value: owners.length };
    });
  }
  const ours = assignments.filter(
    ({ dataset }) => stakeholders.find(({ name }) => name === dataset.organisationName)?.id === ourId,
  );
  const open = ours.filter(
    ({ macro, dataset }) => bound.find((one) => one.macro === macro)?.datasetId !== dataset.id,
  );
  if (open.length > 0) {
    await work.step("datasets", "datasets and their fields", async () => {
      const body = open.map(({ macro, dataset, fields }) => ({
        macro,
        datasetId: dataset.id,
        fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
      }));
      await repeatUntilKnown(
        () => habu.call("configureCleanroomQuestionDatasets", { path, body }),
        async () => undefined,
      );
      return { value: open.map(({ macro }) => macro) };
    });
  }
}

async function permit(work: Work<Input>, id: string, wanted: Partial<Record<PermissionWord, Access>>) {
  await work.step("permissions", "permissions", async () => {
    const different = await setPermissions(work.habu, id, wanted);
    if (different.length > 0) work.warn(`Permissions read back differently: ${different.join(", ")}`);
    return { value: Object.keys(wanted) };
  });
}

async function summary(work: Work<Input>, room: Room, id: string, us: string | undefined) {
  const { habu } = work;
  const question = await readQuestion(habu, id, { fresh: true });
  const bindings = await listBindings(habu, id, { fresh: true });
  const open = bindings.filter(({ datasetId }) => datasetId === "");
  const parameters = await listParameters(habu, id);
  const ready = question.status === "READY";
  return work.end({
    summary: ready
      ? `${question.displayId} is READY in ${room.displayId}.`
      : `${question.displayId} is in ${room.displayId} but ${question.status}: ${open.map(({ macro, organisationName }) => `@${macro} waits for ${organisationName || "an owner"}`).join("; ")}.`,
    result: {
      question: shownQuestion(question),
      datasets: bindings.map(({ macro, datasetName, organisationName, fields }) => ({
        macro,
        dataset: datasetName,
        organisation: organisationName,
        fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
      })),
      waiting_for: open.map(({ macro, organisationName }) => ({
        macro,
        organisation: organisationName,
        who: organisationName === us ? "us" : "the partner, in the console",
      })),
      run_parameters: parameters.map(({ name, type, kind, allowed, defaultValue }) => ({
        name,
        type,
        kind,
        allowed,
        default: defaultValue,
      })),
      permissions: await readPermissions(habu, id),
      limits: [
        "Permissions are for the owner or for all partners; the platform has none for a single partner.",
      ],
    },
    next: ready
      ? [
          {
            tool: "execute_question_workflow",
            why: "run it",
            arguments: { question: question.displayId, cleanroom: room.displayId },
          },
        ]
      : [],
  });
}
