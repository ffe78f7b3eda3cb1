import { ToolError } from "@mcp-data/core";
import { findQuestion } from "../habu/questions.ts";
import { isUuid } from "../habu/resolve.ts";
import { hasFailed, isOver, listRuns, type Run, watchRun } from "../habu/runs.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function chosenRun(work: Work<Input>): Promise<{ run: Run; previous: Run | undefined }> {
  const { input, habu, services } = work;
  if (input.run !== undefined && isUuid(input.run)) {
    const { run, nextCheckAt } = await watchRun(habu, services, input.run.trim());
    if (run.status !== "COMPLETED") throw notComplete(run, nextCheckAt);
    const previous = input.question === undefined ? undefined : await before(work, run);
    return { run, previous };
  }
  if (input.question === undefined) {
    throw new ToolError("VALIDATION_ERROR", "Give a run id, or a question for its latest complete run.", {
      hint: "Runs are listed by monitor_cleanroom_status and execute_question_workflow.",
    });
  }
  const question = await findQuestion(habu, input.question, input.cleanroom);
  const { runs } = await listRuns(habu, question.id);
  const complete = runs.filter(({ status }) => status === "COMPLETED");
  const at = input.run === undefined ? 0 : complete.findIndex(({ name }) => name === input.run);
  const run = complete[at];
  if (run === undefined) {
    const failed = runs.filter(({ status }) => hasFailed(status)).length;
    throw new ToolError(
      "NOT_FOUND",
      input.run === undefined
        ? "The question has no complete run."
        : "The question has no complete run of this name.",
      {
        hint: runs.some(({ status }) => !isOver(status))
          ? "One is running; look again later."
          : "Run it with execute_question_workflow.",
        details: {
          reason: "NO_RESULT",
          runs: runs.length,
          failed,
          names: complete.slice(0, 5).map(({ name }) => name.slice(0, 60)),
        },
      },
    );
  }
  if (input.run === undefined) work.assume(`the latest complete run, ${run.submittedAt ?? ""}`);
  return { run, previous: complete[at + 1] };
}

async function before(work: Work<Input>, run: Run): Promise<Run | undefined> {
  const question = await findQuestion(work.habu, work.input.question ?? "", work.input.cleanroom);
  const complete = (await listRuns(work.habu, question.id)).runs.filter(
    ({ status }) => status === "COMPLETED",
  );
  return complete[complete.findIndex(({ id }) => id === run.id) + 1];
}

function notComplete(run: Run, nextCheckAt: number | undefined): ToolError {
  if (hasFailed(run.status)) {
    return new ToolError(
      "CONFLICT",
      `The run ended as ${run.status}: ${(run.failureReason ?? "no reason given").slice(0, 200)}.`,
      { hint: "Ask troubleshoot_issues for the cause.", details: { reason: "RUN_FAILED" } },
    );
  }
  return new ToolError("CONFLICT", `The run is ${run.status}; it has no results yet.`, {
    hint:
      nextCheckAt === undefined
        ? "Look again later."
        : `Look again after ${new Date(nextCheckAt).toISOString()}.`,
    details: { reason: "NOT_READY" },
  });
}
