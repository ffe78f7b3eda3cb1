import { plainText } from "../habu/plain-text.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { listSchedules, type Schedule, shownSchedule } from "../habu/schedules.ts";
import { removal } from "../workflow/removal.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

/** Deleting and pausing are the same to the platform; a paused one can be restored from here. */
export async function end(work: Work<Input>, question: RoomQuestion, schedule: Schedule) {
  const { habu, services, input } = work;
  const paused = input.action === "pause";
  const stop = await work.plan(
    [
      {
        step: paused ? "delete schedule, keeping a copy" : "delete schedule",
        what: schedule.name,
        effect: paused ? "no more runs until it is restored" : "cannot be undone",
      },
    ],
    { schedule: shownSchedule(schedule) },
  );
  if (stop !== undefined) return stop;
  if (paused)
    services.savedSchedules.add({
      at: new Date(services.clock.now()).toISOString(),
      question: question.id,
      schedule,
    });
  await removal(work, "delete", `delete schedule ${plainText(schedule.name, 60)}`, () =>
    habu.call("deleteCleanroomQuestionRunScheduleById", {
      path: { cleanroomQuestionId: question.id, cleanroomQuestionRunScheduleId: schedule.id },
    }),
  );
  const left = (await listSchedules(habu, question.id, { fresh: true })).some(({ id }) => id === schedule.id);
  return work.end({
    summary: left
      ? "The schedule still shows after it was deleted."
      : paused
        ? `${schedule.name} is paused; action restore brings it back.`
        : `${schedule.name} is gone.`,
    next: paused
      ? [
          {
            tool: "manage_question_schedules",
            why: "bring it back",
            arguments: { question: question.displayId, action: "restore" },
          },
        ]
      : [],
  });
}
