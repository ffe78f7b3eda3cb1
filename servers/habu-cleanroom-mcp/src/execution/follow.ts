import { type RoomQuestion, shownQuestion } from "../habu/questions.ts";
import { durations, hasFailed, median, minutes, type Run, shownRun, watchRun } from "../habu/runs.ts";
import { waitFor } from "../habu/wait.ts";
import type { Work } from "../workflow/work.ts";
import { failed, finished } from "./ending.ts";
import type { Input } from "./input.ts";

export async function follow(
  work: Work<Input>,
  question: RoomQuestion,
  runId: string,
  history: readonly Run[],
) {
  const { input, habu, services } = work;
  const usual = median(durations(history));
  const elapsed = (run: Run) =>
    run.submittedAt === undefined ? 0 : services.clock.now() - Date.parse(run.submittedAt);
  const seen = await waitFor({
    habu,
    clock: services.clock,
    waitMs: (input.wait_seconds ?? 0) * 1_000,
    async look() {
      const { run, seenAt, nextCheckAt } = await watchRun(habu, services, runId);
      return { last: { run, seenAt }, nextAt: nextCheckAt };
    },
    onWait: (ms) =>
      work.progress(
        ms,
        usual ?? ms * 2,
        usual === undefined
          ? "Running"
          : `Running; complete runs of this question took ${minutes(usual)} min`,
      ),
  });
  const { run, seenAt } = seen.last;
  if (run.status === "COMPLETED") return finished(work, question, run);
  if (hasFailed(run.status)) return failed(work, question, run);
  return work.end({
    status: "running",
    summary: `The run is ${run.status}; ${minutes(elapsed(run))} min since it was submitted${usual === undefined ? "" : `, complete runs took ${minutes(usual)} min`}. It goes on whether or not anybody waits; it cannot be cancelled.`,
    result: {
      question: shownQuestion(question),
      run: shownRun(run),
      seen_at: new Date(seenAt).toISOString(),
      next_check_at: new Date(seen.nextAt ?? seenAt).toISOString(),
      elapsed_minutes: minutes(elapsed(run)),
      ...(usual === undefined
        ? {}
        : {
            usual_minutes: minutes(usual),
            estimated_percent: Math.min(95, Math.round((100 * elapsed(run)) / usual)),
          }),
      slots: services.ledger.use("question"),
    },
    next: [
      {
        tool: "execute_question_workflow",
        why: "look again after next_check_at",
        arguments: { question: question.id, resume: await work.handle() },
      },
    ],
  });
}
