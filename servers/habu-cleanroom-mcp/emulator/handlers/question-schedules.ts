import type { RoomQuestion, Schedule } from "../world.ts";
import { type Handlers, iso, refuse, roomQuestionOf } from "./handler.ts";

export const questionScheduleHandlers: Handlers = {
  getCleanroomQuestionRunSchedules: (ask) =>
    roomQuestionOf(ask).schedules.map((one) => schedule(one, ask.now)),

  getCleanroomQuestionRunScheduleById: (ask) => schedule(scheduleOf(roomQuestionOf(ask), ask.path), ask.now),

  createCleanroomQuestionRunSchedule(ask) {
    const made: Schedule = {
      id: ask.world.nextId("schedule"),
      name: "",
      parameters: [],
      start: ask.now,
      end: undefined,
      frequency: "DAILY",
      days: [],
      monthDays: [],
      createdAt: ask.now,
      modifiedAt: ask.now,
      doneUntil: ask.now,
    };
    change(made, ask.body, ask.now);
    roomQuestionOf(ask).schedules.push(made);
    return { id: made.id };
  },

  patchCleanroomQuestionRunScheduleById(ask) {
    const found = scheduleOf(roomQuestionOf(ask), ask.path);
    change(found, ask.body, ask.now);
    return { id: found.id };
  },

  deleteCleanroomQuestionRunScheduleById(ask) {
    const question = roomQuestionOf(ask);
    question.schedules.splice(question.schedules.indexOf(scheduleOf(question, ask.path)), 1);
    return { success: true };
  },
};

function scheduleOf(one: RoomQuestion, path: Readonly<Record<string, string>>): Schedule {
  return (
    one.schedules.find(({ id }) => id === path.cleanroomQuestionRunScheduleId) ??
    refuse(404, "Schedule not found.")
  );
}

function change(found: Schedule, body: Record<string, never>, now: number): void {
  if (body.name !== undefined) found.name = body.name;
  if (body.parameters !== undefined) found.parameters = body.parameters;
  if (body.repeatFrequency !== undefined) found.frequency = body.repeatFrequency;
  if (body.daysOfWeek !== undefined) found.days = body.daysOfWeek;
  if (body.repeatDayofMonth !== undefined) found.monthDays = body.repeatDayofMonth;
  if (body.startSchedule !== undefined) found.start = timeOf(body.startSchedule);
  if (body.endSchedule !== undefined)
    found.end = body.endSchedule === "" ? undefined : timeOf(body.endSchedule);
  if (found.name === "") refuse(400, "name is mandatory.");
  found.modifiedAt = now;
}

function timeOf(text: string): number {
  const at = Date.parse(text);
  return Number.isNaN(at) ? refuse(400, "startSchedule and endSchedule must be dates.") : at;
}

/** Read and written forms of a schedule differ: a map of parameters, other names for its bounds. */
function schedule(one: Schedule, now: number) {
  return {
    id: one.id,
    name: one.name,
    parameters: Object.fromEntries(
      one.parameters.map((each) => [
        String(each.name),
        {
          name: each.name,
          value: each.value,
          type: each.dataType,
          parameterType: each.parameterType,
          isStatic: each.dateType !== "RELATIVE",
          ...(each.dateQualifier === undefined ? {} : { qualifier: each.dateQualifier }),
        },
      ]),
    ),
    startDateTime: iso(one.start),
    ...(one.end === undefined ? {} : { endDateTime: iso(one.end) }),
    active: one.end === undefined || one.end > now,
    repeatFrequency: one.frequency,
    daysOfWeek: one.days,
    repeatDayofMonth: one.monthDays,
    createdDate: iso(one.createdAt),
    modifiedDate: iso(one.modifiedAt),
  };
}
