import { ToolError } from "@mcp-data/core";
import { isAlike } from "../execution/alike.ts";
import { follow } from "../execution/follow.ts";
import { shape } from "../execution/input.ts";
import { ask } from "../execution/parameters.ts";
import { requireReady } from "../execution/ready.ts";
import { start } from "../execution/start.ts";
import { checkParameters, listParameters } from "../habu/parameters.ts";
import { plainText } from "../habu/plain-text.ts";
import { findQuestion, shownQuestion } from "../habu/questions.ts";
import { listRuns, shownRun } from "../habu/runs.ts";
import { sinceDay } from "../habu/statistics.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

export const executeQuestionWorkflow = workflowTool({
  name: "execute_question_workflow",
  title: "Run a question",
  description:
    "Checks and runs a question and follows it to its result. Runs take 15-30 minutes: call again with resume after next_check_at. A recent equal run is offered instead unless fresh.",
  group: "questions",
  kind: "write",
  needs: ["createCleanroomQuestionRun"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getAllCleanroomQuestionDatasets",
      "getCleanroomQuestionParameters",
    ] as const),
    ...([
      "getAllCleanroomQuestionRuns",
      "getCleanroomQuestionRunById",
      "getCleanroomQuestionRunDataCount",
      "getCleanroomQuestionRunData",
    ] as const),
  ],
  input: shape,
  words: {
    question: "id or name",
    cleanroom: "id or name",
    parameters: "{name: text}",
    name: "of the run",
    fresh: "run again",
    wait_seconds: "0-600",
  },
  timeoutMs: 660_000,
  async run(work) {
    const { input, habu, services } = work;
    const question = await findQuestion(habu, input.question, input.cleanroom);
    const history = await listRuns(habu, question.id, { since: sinceDay(services.clock.now(), 30) });
    if (work.isDone("run")) {
      const id = await work.step("run", "run", (retaken) => start(work, question, {}, retaken));
      return follow(work, question, id.id, history.runs);
    }
    await requireReady(work, question);
    const parameters = await listParameters(habu, question.id);
    const given = { ...input.parameters };
    for (const { name, defaultValue } of parameters) {
      if (given[name] !== undefined || defaultValue === undefined) continue;
      given[name] = defaultValue;
      work.assume(`${name} = ${plainText(defaultValue, 60)}`);
    }
    const { missing, problems } = checkParameters(parameters, given);
    if (problems.length > 0) {
      throw new ToolError("VALIDATION_ERROR", `${problems.slice(0, 4).join("; ")}.`, {
        hint: "Nothing was run; correct the values.",
        details: { reason: "BAD_PARAMETERS" },
      });
    }
    if (missing.length > 0) {
      return work.ask(
        missing.map((one) => ask(one, history.runs)),
        { note: "A run without these would complete with no rows and cost a slot." },
      );
    }
    const alike =
      input.fresh === true || work.resumed("run")
        ? undefined
        : history.runs.find((run) => isAlike(run, given, services.clock.now()));
    if (alike !== undefined) {
      const outcome = await work.ask(
        [
          {
            field: "fresh",
            why: `Run "${plainText(alike.name, 60)}" has the same parameters (${alike.status}, ${alike.submittedAt}). Pass fresh: true to run again.`,
            candidates: ["true"],
          },
        ],
        { run: shownRun(alike) },
      );
      return {
        ...outcome,
        data: {
          ...outcome.data,
          next: [
            {
              tool: "retrieve_and_analyze_results",
              why: "use the run that exists",
              arguments: { run: alike.id },
            },
          ],
        },
      };
    }
    const stop = await work.plan(
      [
        {
          step: "run question",
          what: `${question.displayId} with ${Object.keys(given).length} parameter(s)`,
        },
      ],
      { question: shownQuestion(question), parameters: given, slots: services.ledger.use("question") },
    );
    if (stop !== undefined) return stop;
    const id = await work.step("run", "run question", (retaken) => start(work, question, given, retaken));
    return follow(work, question, id.id, history.runs);
  },
});
