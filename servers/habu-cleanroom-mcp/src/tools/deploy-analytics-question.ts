import { repeatUntilKnown } from "../client/settle.ts";
import { assignDatasets } from "../deployment/assign-datasets.ts";
import { assignmentsOf } from "../deployment/choose-datasets.ts";
import { createQuestion } from "../deployment/create-question.ts";
import { type Input, shape } from "../deployment/input.ts";
import { detailed, needsOfNew } from "../deployment/needs.ts";
import { summary } from "../deployment/summary.ts";
import { listDatasets } from "../habu/bindings.ts";
import { attachQuestion } from "../habu/make.ts";
import { listStakeholders } from "../habu/people.ts";
import { type Access, type PermissionWord, setPermissions } from "../habu/permissions.ts";
import { plainText } from "../habu/plain-text.ts";
import { listRoomQuestions } from "../habu/questions.ts";
import { findRoom } from "../habu/rooms.ts";
import type { PlannedStep, Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

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

async function permit(work: Work<Input>, id: string, wanted: Partial<Record<PermissionWord, Access>>) {
  await work.step("permissions", "permissions", async () => {
    const different = await setPermissions(work.habu, id, wanted);
    if (different.length > 0) work.warn(`Permissions read back differently: ${different.join(", ")}`);
    return { value: Object.keys(wanted) };
  });
}
