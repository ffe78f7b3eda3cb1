import { collect } from "../habu/collect.ts";
import { plainText } from "../habu/plain-text.ts";
import { listRoomQuestions, type RoomQuestion } from "../habu/questions.ts";
import { findConflicts, listSchedules } from "../habu/schedules.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function conflicts(work: Work<Input>, question: RoomQuestion) {
  const { habu, services } = work;
  const questions = (await listRoomQuestions(habu, question.roomId)).slice(0, 40);
  const entries = (
    await collect(questions, async ({ id }) =>
      (await listSchedules(habu, id)).map((schedule) => ({ question: id, schedule })),
    )
  ).flat();
  const found = findConflicts(entries, services.clock.now());
  const hours = new Set(entries.map(({ schedule }) => new Date(schedule.start).getUTCHours()));
  const free = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => !hours.has(hour));
  return work.end({
    summary: `${found.length} conflict(s) among ${entries.length} schedule(s) of the room in the next 14 days.`,
    result: {
      conflicts: found,
      free_hours_utc: free.slice(0, 8),
      advice: found.map(({ kind, schedules }) =>
        kind === "run_limit"
          ? `Spread ${schedules.length} schedules over several hours.`
          : `Move ${plainText(schedules[1] ?? "", 60)} at least an hour away.`,
      ),
    },
  });
}
