import type { RoomQuestion } from "../habu/questions.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function jobsOf({ habu }: Work<Input>, question: RoomQuestion, fresh = false) {
  const jobs = await habu.call("getAllDataExportJobs", { path: { cleanroomId: question.roomId } }, { fresh });
  return (
    jobs
      // Which of its two ids a job names is not documented.
      .filter(({ questionID }) => questionID === question.id || questionID === question.questionId)
      .map(({ ID = "", name = "", status = "", partnerAccount }) => ({
        id: ID,
        name,
        status,
        destination: partnerAccount?.name ?? "",
      }))
  );
}

export async function exportsOf(work: Work<Input>, question: RoomQuestion) {
  const { habu } = work;
  const jobs = await jobsOf(work, question);
  const shown = [];
  for (const job of jobs.slice(0, 20)) {
    const runs = await habu.call("getDataExportJobRuns", { path: { exportJobId: job.id } }, { fresh: true });
    const latest = (runs.jobRunsByDate ?? []).flatMap(({ jobRuns = [] }) => jobRuns).slice(0, 3);
    shown.push({
      ...job,
      runs: latest.map(({ status, submitTime, endTime, totalRecords, errorMessage }) => ({
        status,
        submitted: submitTime,
        ended: endTime,
        records: totalRecords,
        error: errorMessage,
      })),
    });
  }
  return work.end({
    summary: `${jobs.length} export job(s) of ${question.displayId}.`,
    result: { export_jobs: shown },
  });
}
