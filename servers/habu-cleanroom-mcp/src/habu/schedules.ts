import type { Habu } from "../client/habu-client.ts";
import type { Received, ToSend } from "../contract/types.ts";
import type { RunParameter } from "./parameters.ts";
import type { Named } from "./resolve.ts";

export const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

export interface Schedule extends Named {
  readonly frequency: string;
  readonly days: readonly string[];
  readonly monthDays: readonly number[];
  readonly start: string;
  readonly end: string | undefined;
  readonly active: boolean;
  readonly parameters: ToSend<"CleanroomQuestionRunScheduleParameters">;
}

type Parameters = ToSend<"CleanroomQuestionRunScheduleParameters">;

/** Reading and writing use other names and forms; this is the one place that knows both. */
function scheduleFrom(given: Received<"GetCleanroomQuestionRunScheduleResponse">): Schedule {
  return {
    id: given.id ?? "",
    name: given.name ?? "",
    displayId: given.displayId,
    frequency: given.repeatFrequency ?? "",
    days: given.daysOfWeek ?? [],
    monthDays: given.repeatDayofMonth ?? [],
    start: given.startDateTime ?? "",
    end: given.endDateTime ? given.endDateTime : undefined,
    active: given.active !== false,
    parameters: Object.entries(given.parameters ?? {}).map(([name, one]) => ({
      name: one.name ?? name,
      value: one.value ?? "",
      dataType: one.type ?? "STRING",
      parameterType: (one.parameterType ?? "").includes("PARTITION")
        ? "PARTITION_PARAMETER"
        : "RUN_PARAMETER",
      dateType: one.isStatic === false ? "RELATIVE" : "ABSOLUTE",
      ...(one.qualifier === undefined ? {} : { dateQualifier: one.qualifier }),
    })) as Parameters,
  };
}

export async function listSchedules(
  habu: Habu,
  questionId: string,
  options: { fresh?: boolean } = {},
): Promise<Schedule[]> {
  const given = await habu.call(
    "getCleanroomQuestionRunSchedules",
    { path: { cleanroomQuestionId: questionId } },
    options,
  );
  return given.map(scheduleFrom);
}

export function requestFrom(
  one: Omit<Schedule, "id" | "active" | "displayId">,
): ToSend<"CreateCleanroomQuestionRunScheduleInput"> {
  return {
    name: one.name,
    repeatFrequency: one.frequency as NonNullable<
      ToSend<"CreateCleanroomQuestionRunScheduleInput">["repeatFrequency"]
    >,
    startSchedule: one.start,
    parameters: one.parameters,
    ...(one.frequency === "WEEKLY" ? { daysOfWeek: [...one.days] as (typeof weekdays)[number][] } : {}),
    ...(one.frequency === "MONTHLY" ? { repeatDayofMonth: [...one.monthDays] } : {}),
    ...(one.end === undefined ? {} : { endSchedule: one.end }),
  };
}

const relative = /^today-(\d{1,4})([dm])$/;

/** `today-7d` and `today-1m` move with each run; any other value stays. */
export function scheduleParameters(
  parameters: readonly RunParameter[],
  given: Readonly<Record<string, string>>,
): Parameters {
  return parameters.flatMap(({ name, type, kind }) => {
    const value = given[name];
    if (value === undefined) return [];
    const moving = relative.exec(value);
    return [
      {
        name,
        dataType: type,
        parameterType: kind === "partition" ? "PARTITION_PARAMETER" : "RUN_PARAMETER",
        ...(moving === null
          ? { value, dateType: "ABSOLUTE" }
          : {
              value: moving[1] ?? "",
              dateType: "RELATIVE",
              dateQualifier: moving[2] === "m" ? "MONTHS" : "DAYS",
            }),
      },
    ];
  }) as Parameters;
}

export const isRelative = (value: string): boolean => relative.test(value);

/** The times a schedule runs in a window. */
function occurrences(one: Schedule, from: number, days: number): number[] {
  const start = Date.parse(one.start);
  const end = one.end === undefined ? Number.POSITIVE_INFINITY : Date.parse(one.end);
  if (Number.isNaN(start)) return [];
  const times: number[] = [];
  const first = new Date(from);
  const clock = new Date(start);
  for (let day = 0; day < days; day += 1) {
    const at = Date.UTC(
      first.getUTCFullYear(),
      first.getUTCMonth(),
      first.getUTCDate() + day,
      clock.getUTCHours(),
      clock.getUTCMinutes(),
    );
    if (at < from || at < start || at > end || !runsOn(one, new Date(at))) continue;
    times.push(at);
  }
  return times;
}

function runsOn({ frequency, days, monthDays }: Schedule, at: Date): boolean {
  if (frequency === "WEEKLY") return days.includes(weekdays[at.getUTCDay()] ?? "");
  return frequency === "MONTHLY" ? monthDays.includes(at.getUTCDate()) : frequency === "DAILY";
}

export interface Conflict {
  readonly kind: "same_question" | "run_limit";
  readonly at: string;
  readonly schedules: readonly string[];
}

/** Runs of one question within an hour of each other, and hours with more runs than the platform allows. */
export function findConflicts(
  entries: readonly { readonly question: string; readonly schedule: Schedule }[],
  from: number,
): Conflict[] {
  const times = entries
    .flatMap(({ question, schedule }) =>
      occurrences(schedule, from, 14).map((at) => ({ at, question, name: schedule.name })),
    )
    .sort((a, b) => a.at - b.at);
  const conflicts = new Map<string, Conflict>();
  for (const [n, one] of times.entries()) {
    const hour = times.slice(n).filter(({ at }) => at - one.at < 3_600_000);
    const same = hour.filter(({ question, name }) => question === one.question && name !== one.name);
    if (same.length > 0) add("same_question", one.at, [one.name, ...same.map(({ name }) => name)]);
    if (hour.length > 20)
      add(
        "run_limit",
        one.at,
        hour.map(({ name }) => name),
      );
  }
  return [...conflicts.values()];

  function add(kind: Conflict["kind"], at: number, names: readonly string[]): void {
    const schedules = [...new Set(names)];
    const key = `${kind} ${schedules.join(" ")}`;
    if (!conflicts.has(key)) conflicts.set(key, { kind, at: new Date(at).toISOString(), schedules });
  }
}

export const shownSchedule = (one: Schedule) => ({
  id: one.id,
  name: one.name,
  frequency: one.frequency,
  ...(one.days.length === 0 ? {} : { days: one.days }),
  ...(one.monthDays.length === 0 ? {} : { month_days: one.monthDays }),
  start: one.start,
  ...(one.end === undefined ? {} : { end: one.end }),
  active: one.active,
  parameters: Object.fromEntries(
    one.parameters.map(({ name = "", value = "", dateType, dateQualifier }) => [
      name,
      dateType === "RELATIVE" ? `today-${value}${dateQualifier === "MONTHS" ? "m" : "d"}` : value,
    ]),
  ),
});
