import { newRun } from "./run-state.ts";
import type { Schedule, World } from "./world.ts";

const dayMs = 86_400_000;
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Starts the runs that schedules owe up to now. */
export function runSchedules(world: World, now: number): void {
  for (const roomQuestion of world.roomQuestions) {
    const question = world.questions.find(({ id }) => id === roomQuestion.questionId);
    if (question === undefined) continue;
    for (const schedule of roomQuestion.schedules) {
      for (const at of dueTimes(schedule, now)) {
        const parameters = Object.fromEntries(
          schedule.parameters.map((one) => [String(one.name), String(one.value)]),
        );
        const name = `${schedule.name} ${new Date(at).toISOString().slice(0, 10)}`;
        roomQuestion.runs.push(newRun(world, question, { name, parameters, at, missing: [] }));
      }
      schedule.doneUntil = Math.max(schedule.doneUntil, now);
    }
  }
}

function* dueTimes(schedule: Schedule, now: number): Generator<number> {
  const until = Math.min(now, schedule.end ?? now);
  for (let at = schedule.start; at <= until; at += dayMs) {
    if (at > schedule.doneUntil && isDue(schedule, new Date(at))) yield at;
  }
}

function isDue({ frequency, days, monthDays }: Schedule, at: Date): boolean {
  if (frequency === "WEEKLY") return days.includes(weekdays[at.getUTCDay()] ?? "");
  return frequency === "MONTHLY" ? monthDays.includes(at.getUTCDate()) : true;
}
