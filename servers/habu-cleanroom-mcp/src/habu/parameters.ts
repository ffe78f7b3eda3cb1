import type { Habu } from "../client/habu-client.ts";

/** A value a run needs. */
export interface RunParameter {
  readonly name: string;
  readonly type: string;
  readonly kind: "run" | "partition";
  readonly allowed: readonly string[] | undefined;
  readonly defaultValue: string | undefined;
  readonly example: string | undefined;
}

export async function listParameters(habu: Habu, questionId: string): Promise<RunParameter[]> {
  const given = await habu.call("getCleanroomQuestionParameters", {
    path: { cleanroomQuestionId: questionId },
  });
  return (given.parameters ?? []).map((one) => ({
    name: one.Name ?? "",
    type: (one.DataType ?? "STRING").toUpperCase(),
    kind: (one.ParameterType ?? "").toUpperCase().includes("PARTITION") ? "partition" : "run",
    allowed:
      one.AllowedValues && one.AllowedValues.length > 0 && one.ConstraintType !== "DEFAULT_VALUE"
        ? one.AllowedValues
        : undefined,
    defaultValue: one.DefaultValue ? one.DefaultValue : undefined,
    example: one.ExampleValue ? one.ExampleValue : undefined,
  }));
}

const integer = /^-?\d{1,18}$/;
const decimal = /^-?\d{1,18}(\.\d{1,18})?$/;
const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const typeTests: Readonly<Record<string, readonly [RegExp, string]>> = {
  INTEGER: [integer, "a whole number"],
  LONG: [integer, "a whole number"],
  BIGINT: [integer, "a whole number"],
  DOUBLE: [decimal, "a number"],
  DECIMAL: [decimal, "a number"],
  BOOLEAN: [/^(true|false)$/, "true or false"],
  DATE: [date, "a date like 2026-11-20"],
  TIMESTAMP: [/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?/, "a time like 2026-11-20T09:00:00"],
};

/** What is wrong with a value for a parameter; undefined when nothing is. */
function parameterProblem(parameter: RunParameter, value: string): string | undefined {
  if (parameter.allowed !== undefined && !parameter.allowed.includes(value)) {
    return `${parameter.name} must be one of ${parameter.allowed.slice(0, 10).join(", ")}`;
  }
  const rule = typeTests[parameter.type];
  if (rule === undefined || rule[0].test(value)) return undefined;
  return `${parameter.name} must be ${rule[1]}`;
}

/** Missing and wrong values; a COMPLETED run without rows is what they would cost. */
export function checkParameters(
  parameters: readonly RunParameter[],
  given: Readonly<Record<string, string>>,
) {
  const unknown = Object.keys(given).filter((name) => !parameters.some((one) => one.name === name));
  const missing = parameters.filter(
    ({ name, defaultValue }) => given[name] === undefined && defaultValue === undefined,
  );
  const problems = [
    ...unknown.map((name) => `${name.slice(0, 80)} is no parameter of this question`),
    ...parameters.flatMap((one) => {
      const value = given[one.name];
      return value === undefined ? [] : (parameterProblem(one, value) ?? []);
    }),
    ...reversedRanges(given),
  ];
  return { missing, problems };
}

/** `x_start` after `x_end` finds nothing. */
function reversedRanges(given: Readonly<Record<string, string>>): string[] {
  return Object.entries(given).flatMap(([name, start]) => {
    const end = name.endsWith("_start") ? given[name.replace(/_start$/, "_end")] : undefined;
    return end !== undefined && date.test(start) && date.test(end) && start > end
      ? [`${name} is after its end`]
      : [];
  });
}
