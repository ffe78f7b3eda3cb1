import { ToolError } from "@mcp-data/core";
import { createOnce } from "../client/settle.ts";
import { plainText } from "../habu/plain-text.ts";
import { type RoomQuestion, shownQuestion } from "../habu/questions.ts";
import { resolve } from "../habu/resolve.ts";
import {
  findConflicts,
  listSchedules,
  requestFrom,
  type Schedule,
  shownSchedule,
} from "../habu/schedules.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";
import { wanted } from "./wanted.ts";

export async function create(work: Work<Input>, question: RoomQuestion, known: readonly Schedule[]) {
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

export async function restore(work: Work<Input>, question: RoomQuestion, known: readonly Schedule[]) {
  const saved = work.services.savedSchedules
    .recent(50, (entry) => entry.question === question.id)
    .map(({ schedule }) => schedule as Schedule);
  const chosen =
    work.input.schedule === undefined ? saved[0] : resolve("paused schedule", work.input.schedule, saved);
  if (chosen === undefined)
    throw new ToolError("NOT_FOUND", "No paused schedule of this question is kept here.", {
      hint: "Only schedules paused by this server can be restored; create a new one.",
    });
  const there = known.find(({ name }) => name === chosen.name);
  if (there !== undefined && !work.resumed("create"))
    return work.end({
      summary: `${chosen.name} runs already; nothing was restored.`,
      result: { schedule: shownSchedule(there) },
    });
  const stop = await work.plan([{ step: "create schedule", what: chosen.name }], {
    schedule: shownSchedule(chosen),
  });
  return stop ?? make(work, question, chosen, []);
}
