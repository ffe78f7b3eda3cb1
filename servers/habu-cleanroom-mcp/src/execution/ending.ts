import { type RoomQuestion, shownQuestion } from "../habu/questions.ts";
import { minutes, type Run, shownRun } from "../habu/runs.ts";
import { createAnalysis } from "../results/analysis.ts";
import { countRows, readRows } from "../results/table.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function finished(work: Work<Input>, question: RoomQuestion, run: Run) {
  const { habu, services } = work;
  const total = await countRows(habu, run.id);
  const { columns, rows } = await readRows(habu, run.id, 0, Math.min(500, Math.max(1, total)));
  const analysis = createAnalysis(columns);
  analysis.add(rows);
  services.accessLog.add({
    at: new Date(services.clock.now()).toISOString(),
    what: "summary",
    run: run.id,
    question: question.id,
    principal: work.principal.id,
    rows: Math.min(5, rows.length),
  });
  const minutesTaken =
    run.submittedAt && run.completedAt
      ? minutes(Date.parse(run.completedAt) - Date.parse(run.submittedAt))
      : undefined;
  return work.end({
    summary:
      total === 0
        ? "The run completed without rows: parameters or filters found nothing."
        : `The run completed with ${total} row(s)${minutesTaken === undefined ? "" : ` in ${minutesTaken} min`}.`,
    result: {
      question: shownQuestion(question),
      run: shownRun(run),
      rows: total,
      columns: analysis.columns(),
      first_rows: rows.slice(0, 5),
      ...(rows.length < total ? { analysed_rows: rows.length } : {}),
    },
    next: [
      total === 0
        ? {
            tool: "troubleshoot_issues",
            why: "find out why there are no rows",
            arguments: { run: run.id, question: question.id },
          }
        : {
            tool: "retrieve_and_analyze_results",
            why: "all rows, comparison, files",
            arguments: { run: run.id },
          },
      {
        tool: "share_results",
        why: "let partners see them",
        arguments: { question: question.displayId, action: "show" },
      },
    ],
  });
}

export async function failed(work: Work<Input>, question: RoomQuestion, run: Run) {
  return work.end({
    summary: `The run ended as ${run.status}: ${run.failureReason ?? "no reason was given"}.`,
    result: {
      question: shownQuestion(question),
      run: shownRun(run),
      retry: run.isRetryable
        ? "The platform calls this failure retryable; a new run costs one slot, so ask the user first."
        : "The platform does not call this failure retryable: remove the cause first.",
    },
    next: [
      {
        tool: "troubleshoot_issues",
        why: "find the cause",
        arguments: { run: run.id, question: question.id },
      },
      ...(run.isRetryable
        ? [
            {
              tool: "execute_question_workflow",
              why: "try again, once the user agrees",
              arguments: { question: question.id, fresh: true },
            },
          ]
        : []),
    ],
  });
}
