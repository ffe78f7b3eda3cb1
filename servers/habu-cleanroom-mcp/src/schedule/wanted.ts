import { ToolError } from "@mcp-data/core";
import { checkParameters, listParameters } from "../habu/parameters.ts";
import { plainText } from "../habu/plain-text.ts";
import type { RoomQuestion } from "../habu/questions.ts";
import { listRuns } from "../habu/runs.ts";
import { isRelative, type Schedule, scheduleParameters, weekdays } from "../habu/schedules.ts";
import { sinceDay } from "../habu/statistics.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function wanted(
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
