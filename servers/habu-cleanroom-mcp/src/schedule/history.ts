import type { RoomQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { listRuns, shownRun } from "../habu/runs.ts";
import { type Schedule, shownSchedule } from "../habu/schedules.ts";
import { runStatistics, sinceDay } from "../habu/statistics.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function history(work: Work<Input>, question: RoomQuestion, known: readonly Schedule[]) {
  const { habu, services, input } = work;
  const chosen =
    input.schedule === undefined ? known : [resolve("schedule of this question", input.schedule, known)];
  const { runs, cut } = await listRuns(habu, question.id, { since: sinceDay(services.clock.now(), 30) });
  const entries = chosen.map((schedule) => {
    // The platform does not say which schedule began a run: names and parameters tell.
    const own = runs.filter(({ name }) => name.startsWith(schedule.name));
    return {
      schedule: shownSchedule(schedule),
      runs: runStatistics(own),
      latest: own.slice(0, 5).map(shownRun),
    };
  });
  return work.end({
    summary: `${entries.reduce((sum, one) => sum + one.runs.runs, 0)} run(s) of ${chosen.length} schedule(s) in 30 days.`,
    result: {
      schedules: entries,
      limits: [
        "Runs are matched to schedules by the beginning of their name.",
        ...(cut ? ["Only the newest 100 runs were read."] : []),
      ],
    },
  });
}
