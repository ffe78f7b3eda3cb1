import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { createOnce, repeatUntilKnown } from "../client/settle.ts";
import { collect } from "../habu/collect.ts";
import { remove } from "../habu/make.ts";
import { checkParameters, listParameters } from "../habu/parameters.ts";
import { plainText } from "../habu/plain-text.ts";
import { findQuestion, listRoomQuestions, type RoomQuestion, shownQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import { listRuns, shownRun } from "../habu/runs.ts";
import {
  findConflicts,
  isRelative,
  listSchedules,
  requestFrom,
  type Schedule,
  scheduleParameters,
  shownSchedule,
  weekdays,
} from "../habu/schedules.ts";
import { runStatistics, sinceDay } from "../habu/statistics.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text, values } from "./fields.ts";

const shape = {
  question: reference,
  cleanroom: reference.optional(),
  action: z.enum(["list", "create", "update", "delete", "pause", "restore", "history", "conflicts"]),
  schedule: reference.optional(),
  name: text(100).optional(),
  frequency: z.enum(["DAILY", "WEEKLY", "MONTHLY"]).optional(),
  days: z.array(z.enum(weekdays)).min(1).max(7).optional(),
  month_days: z.array(z.int().min(1).max(31)).min(1).max(31).optional(),
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
  parameters: values.optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const manageQuestionSchedules = workflowTool({
  name: "manage_question_schedules",
  title: "Schedule a question",
  description:
    "Lists, creates, changes, pauses, restores or deletes recurring runs, shows history and conflicts. Dates may move: today-7d, today-1m.",
  group: "questions",
  kind: "destructive",
  needs: ["createCleanroomQuestionRunSchedule"],
  uses: [
    ...([
      "getAllCleanrooms",
      "getAllCleanroomQuestions",
      "getCleanroomQuestionById",
      "getCleanroomQuestionRunSchedules",
      "getCleanroomQuestionParameters",
    ] as const),
    ...([
      "patchCleanroomQuestionRunScheduleById",
      "deleteCleanroomQuestionRunScheduleById",
      "getCleanroomQuestionRunScheduleById",
      "getAllCleanroomQuestionRuns",
    ] as const),
  ],
  input: shape,
  words: {
    question: "id or name",
    cleanroom: "id or name",
    action: "action",
    schedule: "id or name",
    name: "name",
    frequency: "frequency",
    days: "[MON, …]",
    month_days: "[1, …]",
    start: "ISO time",
    end: "ISO time",
    parameters: "{name: text}",
  },
  async run(work) {
    const { input, habu } = work;
    const question = await findQuestion(habu, input.question, input.cleanroom);
    const known = await listSchedules(habu, question.id, {
      fresh: input.action !== "list" && input.action !== "history",
    });
    switch (input.action) {
      case "list":
        return work.end({
          summary: `${known.length} schedule(s) of ${question.displayId}.`,
          result: {
            schedules: known.map(shownSchedule),
            conflicts: findConflicts(
              known.map((schedule) => ({ question: question.id, schedule })),
              work.services.clock.now(),
            ),
          },
        });
      case "create":
        return create(work, question, known);
      case "restore":
        return restore(work, question);
      case "conflicts":
        return conflicts(work, question);
      case "history":
        return history(work, question, known);
      default: {
        const chosen =
          input.schedule === undefined && known.length === 1
            ? known[0]
            : input.schedule === undefined
              ? undefined
              : resolve("schedule of this question", input.schedule, known);
        if (chosen === undefined)
          return work.ask([
            {
              field: "schedule",
              why: `Which one to ${input.action}.`,
              candidates: known.map(({ name }) => name),
            },
          ]);
        if (input.action === "update") return update(work, question, chosen);
        return end(work, question, chosen);
      }
    }
  },
});

async function wanted(
  work: Work<Input>,
  question: RoomQuestion,
  base: Partial<Schedule>,
): Promise<Omit<Schedule, "id" | "active" | "displayId"> | { questions: { field: string; why: string }[] }> {
  const { input, habu, services } = work;
  const parameters = await listParameters(habu, question.id);
  const { runs } = await listRuns(habu, question.id, { since: sinceDay(services.clock.now(), 90) });
  const last = runs.find(({ status }) => status === "COMPLETED");
  const given: Record<string, string> = { ...input.parameters };
  if (base.parameters === undefined) {
    for (const { name, defaultValue } of parameters) {
      const value = given[name] ?? last?.parameters[name] ?? defaultValue;
      if (value === undefined) continue;
      if (given[name] === undefined)
        work.assume(
          `${name} = ${plainText(value, 60)}${last?.parameters[name] === undefined ? "" : ", as in the last complete run"}`,
        );
      given[name] = value;
    }
  }
  const fixed = Object.fromEntries(Object.entries(given).filter(([, value]) => !isRelative(value)));
  const checked = checkParameters(
    parameters.filter(({ name }) => given[name] === undefined || !isRelative(given[name] ?? "")),
    fixed,
  );
  if (checked.problems.length > 0)
    throw new ToolError("VALIDATION_ERROR", `${checked.problems.slice(0, 4).join("; ")}.`, {
      hint: "Nothing was scheduled.",
    });
  if (base.parameters === undefined && checked.missing.length > 0)
    return {
      questions: checked.missing.map(({ name, type }) => ({
        field: `parameters.${name}`,
        why: `${type}; each run needs it. Dates may move: today-7d.`,
      })),
    };
  const kept = (base.parameters ?? []).filter(({ name = "" }) => given[name] === undefined);

  const frequency = input.frequency ?? base.frequency ?? "WEEKLY";
  if (input.frequency === undefined && base.frequency === undefined) work.assume("frequency WEEKLY");
  const tomorrow = new Date(services.clock.now() + 86_400_000);
  const start = input.start ?? base.start ?? `${tomorrow.toISOString().slice(0, 10)}T06:00:00Z`;
  if (input.start === undefined && base.start === undefined) work.assume(`start ${start}`);
  const startsOn = new Date(start);
  const weekday = weekdays[startsOn.getUTCDay()] ?? "MON";
  const baseDays = base.days !== undefined && base.days.length > 0 ? base.days : undefined;
  const baseMonth = base.monthDays !== undefined && base.monthDays.length > 0 ? base.monthDays : undefined;
  const ends = input.end ?? base.end;
  if (ends !== undefined && Date.parse(ends) <= Date.parse(start))
    throw new ToolError("VALIDATION_ERROR", "end is not after start.", {
      hint: "Give a later end, or none.",
    });
  return {
    name: input.name ?? base.name ?? `${question.name.slice(0, 60)} ${frequency.toLowerCase()}`,
    frequency,
    days: frequency === "WEEKLY" ? (input.days ?? baseDays ?? [weekday]) : [],
    monthDays: frequency === "MONTHLY" ? (input.month_days ?? baseMonth ?? [startsOn.getUTCDate()]) : [],
    start,
    end: ends,
    parameters: [...kept, ...scheduleParameters(parameters, given)],
  };
}

async function create(work: Work<Input>, question: RoomQuestion, known: readonly Schedule[]) {
  const request = await wanted(work, question, {});
  if ("questions" in request) return work.ask(request.questions);
  if (known.some(({ name }) => name === request.name) && !work.resumed("create")) {
    throw new ToolError("CONFLICT", `A schedule "${plainText(request.name, 60)}" exists already.`, {
      hint: "Choose another name, or update it.",
    });
  }
  const planned = { ...request, id: "new", active: true };
  const clashes = findConflicts(
    [...known, planned].map((schedule) => ({ question: question.id, schedule })),
    work.services.clock.now(),
  );
  const stop = await work.plan([{ step: "create schedule", what: request.name }], {
    schedule: shownSchedule(planned),
    conflicts: clashes,
  });
  if (stop !== undefined) return stop;
  return make(work, question, request, clashes);
}

async function make(
  work: Work<Input>,
  question: RoomQuestion,
  request: Omit<Schedule, "id" | "active" | "displayId">,
  clashes: readonly unknown[],
) {
  const { habu } = work;
  const find = async () => {
    const same = (await listSchedules(habu, question.id, { fresh: true })).find(
      ({ name }) => name === request.name,
    );
    return same === undefined ? undefined : { id: same.id };
  };
  const made = await work.step("create", `schedule "${plainText(request.name, 60)}"`, async (retaken) => {
    const found = retaken ? await find() : undefined;
    if (found !== undefined) return { value: found, state: "adopted" as const };
    const { value, adopted } = await createOnce({
      what: `the schedule "${request.name}"`,
      attempt: async () => ({
        id:
          (
            await habu.call("createCleanroomQuestionRunSchedule", {
              path: { cleanroomQuestionId: question.id },
              body: requestFrom(request),
            })
          ).id ?? "",
      }),
      find,
    });
    return {
      value,
      state: adopted ? ("adopted" as const) : ("done" as const),
      undo: `delete the schedule ${value.id}`,
    };
  });
  const seen = (await listSchedules(habu, question.id, { fresh: true })).find(({ id }) => id === made.id);
  if (seen === undefined) work.warn("The schedule was made but is not listed.");
  return work.end({
    summary: `${question.displayId} runs ${request.frequency} from ${request.start}.`,
    result: {
      question: shownQuestion(question),
      ...(seen === undefined ? {} : { schedule: shownSchedule(seen) }),
      conflicts: clashes,
      limits: [
        "Scheduled runs count against the platform's 20 runs an hour, but not in this server's ledger: the platform starts them.",
      ],
    },
  });
}

async function update(work: Work<Input>, question: RoomQuestion, schedule: Schedule) {
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

/** Deleting and pausing are the same to the platform; a paused one can be restored from here. */
async function end(work: Work<Input>, question: RoomQuestion, schedule: Schedule) {
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
  await work.step("delete", `schedule ${plainText(schedule.name, 60)}`, async () => {
    await remove(() =>
      habu.call("deleteCleanroomQuestionRunScheduleById", {
        path: { cleanroomQuestionId: question.id, cleanroomQuestionRunScheduleId: schedule.id },
      }),
    );
    return { value: schedule.id };
  });
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

async function restore(work: Work<Input>, question: RoomQuestion) {
  const saved = work.services.savedSchedules
    .recent(50, (entry) => entry.question === question.id)
    .map(({ schedule }) => schedule as Schedule);
  const chosen =
    work.input.schedule === undefined ? saved[0] : resolve("paused schedule", work.input.schedule, saved);
  if (chosen === undefined)
    throw new ToolError("NOT_FOUND", "No paused schedule of this question is kept here.", {
      hint: "Only schedules paused by this server can be restored; create a new one.",
    });
  const stop = await work.plan([{ step: "create schedule", what: chosen.name }], {
    schedule: shownSchedule(chosen),
  });
  return stop ?? make(work, question, chosen, []);
}

async function conflicts(work: Work<Input>, question: RoomQuestion) {
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

async function history(work: Work<Input>, question: RoomQuestion, known: readonly Schedule[]) {
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
