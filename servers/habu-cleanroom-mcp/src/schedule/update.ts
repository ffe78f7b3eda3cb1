import { repeatUntilKnown } from "../client/settle.ts";
import { plainText } from "../habu/plain-text.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { listSchedules, requestFrom, type Schedule, shownSchedule } from "../habu/schedules.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { wanted } from "./wanted.ts";

export async function update(work: Work<Input>, question: RoomQuestion, schedule: Schedule) {
  const { habu } = work;
  const request = await wanted(work, question, schedule);
  if ("questions" in request) return work.ask(request.questions);
  const after = { ...request, id: schedule.id, active: schedule.active };
  const stop = await work.plan([{ step: "change schedule", what: schedule.name }], {
    before: shownSchedule(schedule),
    after: shownSchedule(after),
  });
  if (stop !== undefined) return stop;
  await work.step("update", `schedule ${plainText(schedule.name, 60)}`, async () => {
    await repeatUntilKnown(
      () =>
        habu.call("patchCleanroomQuestionRunScheduleById", {
          path: { cleanroomQuestionId: question.id, cleanroomQuestionRunScheduleId: schedule.id },
          body: requestFrom(request),
        }),
      async () => undefined,
    );
    return { value: schedule.id, undo: "send the values shown as before" };
  });
  const seen = (await listSchedules(habu, question.id, { fresh: true })).find(({ id }) => id === schedule.id);
  return work.end({
    summary: `The schedule ${seen?.name ?? schedule.name} was changed.`,
    result: {
      before: shownSchedule(schedule),
      ...(seen === undefined ? {} : { after: shownSchedule(seen) }),
    },
  });
}
