import { ToolError } from "@mcp-data/core";
import { repeatUntilKnown } from "../client/settle.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { removal } from "../workflow/removal.ts";
import type { Work } from "../workflow/work.ts";
import { jobsOf } from "./export-jobs.ts";
import type { Input } from "./input.ts";

export async function changeExport(work: Work<Input>, question: RoomQuestion) {
  const { input, habu } = work;
  const jobs = await jobsOf(work, question, true);
  if (jobs.length === 0)
    throw new ToolError("NOT_FOUND", `${question.displayId} has no export job.`, {
      hint: "One is made with action export.",
    });
  const job =
    input.job === undefined
      ? jobs.length === 1
        ? jobs[0]
        : undefined
      : resolve("export job of this question", input.job, jobs);
  if (job === undefined)
    return work.ask([
      { field: "job", why: "Which export job.", candidates: jobs.map(({ name, id }) => `${name} (${id})`) },
    ]);
  const what = input.action.replace("_", " ");
  const effect =
    input.action === "delete_export"
      ? "cannot be undone"
      : input.action === "resume_export"
        ? "result rows leave the clean room again"
        : undefined;
  const stop = await work.plan([
    { step: what, what: `${job.name} to ${job.destination}`, ...(effect === undefined ? {} : { effect }) },
  ]);
  if (stop !== undefined) return stop;
  if (input.action === "delete_export") {
    await removal(work, input.action, what, () =>
      habu.call("deleteDataExportJob", { path: { exportJobId: job.id } }),
    );
  } else {
    const status = input.action === "pause_export" ? "PAUSED" : "ACTIVE";
    await work.step(input.action, what, async () => {
      await repeatUntilKnown(
        () => habu.call("changeJobStatus", { path: { exportJobId: job.id }, body: { status } }),
        async () => undefined,
      );
      return { value: job.id };
    });
  }
  const seen = (await jobsOf(work, question, true)).find(({ id }) => id === job.id);
  return work.end({
    summary: seen === undefined ? "The export job is gone." : `The export job is ${seen.status}.`,
  });
}
