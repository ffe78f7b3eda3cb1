import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { excessOf, tooManyArguments } from "../engine/check-job.ts";
import { defaultLimits } from "../engine/limits.ts";
import { compilePattern, createPatternTime, type Matched, type PatternTime } from "./pattern.ts";

const parameterTypes = ["string", "number", "integer", "boolean", "array", "object", "any"] as const;

/** A declared parameter; its constraints are those of JSON Schema. */
export const parameterSchema = z.strictObject({
  name: z
    .string()
    // jq has variables of its own: $__loc__, $ENV, $ARGS.
    .regex(/^(?!__|(?:ENV|ARGS)$)[A-Za-z_]\w{0,63}$/)
    .describe("Identifier; the program reads $name."),
  type: z.enum(parameterTypes).default("any").describe("JSON type."),
  description: z.string().max(500).optional().describe("What it is for."),
  required: z.boolean().optional().describe("True unless there is a default."),
  default: z.unknown().optional().describe("Value when it is not given."),
  enum: z.array(z.unknown()).min(1).max(100).optional().describe("The only values allowed."),
  minimum: z.number().optional().describe("Least number."),
  maximum: z.number().optional().describe("Greatest number."),
  min_length: z.int().min(0).optional().describe("Least characters or items."),
  max_length: z.int().min(0).optional().describe("Most characters or items."),
  pattern: z.string().max(200).optional().describe("Regular expression a string matches."),
});

export type Parameter = z.output<typeof parameterSchema>;

/** The strict schema of a call's arguments. CONFIG-like faults of the declaration are VALIDATION_ERROR. */
export function argumentsSchema(
  parameters: readonly Parameter[],
  describe: (parameter: Parameter) => string | undefined = inFull,
): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  const time = createPatternTime();
  for (const parameter of parameters) {
    if (Object.hasOwn(shape, parameter.name)) throw faulty(parameter, "is declared twice");
    const base = valueSchema(parameter, time);
    if (parameter.default !== undefined && !base.safeParse(parameter.default).success) {
      throw faulty(parameter, "has a default that does not fit");
    }
    const text = describe(parameter);
    const described = text === undefined ? base : base.describe(text);
    shape[parameter.name] =
      parameter.default !== undefined
        ? described.default(parameter.default)
        : parameter.required === false
          ? described.nullable().default(null)
          : described;
  }
  return z.strictObject(shape);
}

function inFull({ description, type }: Parameter): string {
  return description ?? `${type} value.`;
}

function valueSchema(parameter: Parameter, time: PatternTime): z.ZodType {
  const { type, minimum, maximum, min_length, max_length } = parameter;
  if (parameter.enum !== undefined) {
    const allowed = parameter.enum.map((value) => JSON.stringify(value));
    return typed(parameter).refine((value) => allowed.includes(JSON.stringify(value)), {
      message: `must be one of ${allowed.join(", ").slice(0, 200)}`,
    });
  }
  if (type === "number" || type === "integer") {
    let number = type === "integer" ? z.int() : z.number();
    if (minimum !== undefined) number = number.min(minimum);
    if (maximum !== undefined) number = number.max(maximum);
    return number;
  }
  if (type === "string") {
    let text = z.string();
    if (min_length !== undefined) text = text.min(min_length);
    if (max_length !== undefined) text = text.max(max_length);
    if (parameter.pattern === undefined) return text;
    const { pattern } = parameter;
    const match = patternOf(parameter, pattern, time);
    return text
      .superRefine((value, problems) => {
        const matched = match(value);
        if (matched !== "yes") problems.addIssue({ code: "custom", message: patternProblems[matched] });
      })
      .meta({ pattern });
  }
  if (type === "array") {
    let list = z.array(z.unknown());
    if (min_length !== undefined) list = list.min(min_length);
    if (max_length !== undefined) list = list.max(max_length);
    return list;
  }
  return typed(parameter);
}

function typed({ type }: Parameter): z.ZodType {
  switch (type) {
    case "string":
      return z.string();
    case "number":
      return z.number();
    case "integer":
      return z.int();
    case "boolean":
      return z.boolean();
    case "array":
      return z.array(z.unknown());
    case "object":
      return z.record(z.string(), z.unknown());
    case "any":
      return z.json();
  }
}

const patternProblems = {
  no: "does not match the pattern",
  too_long: "takes too long to compare with the pattern",
} as const;

function patternOf(parameter: Parameter, pattern: string, time: PatternTime): (text: string) => Matched {
  try {
    return compilePattern(pattern, time);
  } catch {
    throw faulty(parameter, "has a pattern that is no regular expression");
  }
}

function faulty(parameter: Parameter, what: string): ToolError {
  return new ToolError("VALIDATION_ERROR", `Parameter ${parameter.name} ${what}.`, {
    hint: "Correct the declaration of the parameter.",
    details: { reason: "parameter", parameter: parameter.name },
  });
}

export type BindArguments = (parameters: readonly Parameter[], given: unknown) => Record<string, unknown>;

/** bindArguments() that keeps the schemas of declarations it sees again: making one costs more than using it. */
export function createBinder(maxKept = 500): BindArguments {
  const schemas = new Map<string, z.ZodObject>();
  return (parameters, given) => {
    const key = JSON.stringify(parameters);
    const schema = schemas.get(key) ?? argumentsSchema(parameters);
    schemas.delete(key);
    schemas.set(key, schema);
    const oldest = schemas.size > maxKept ? schemas.keys().next().value : undefined;
    if (oldest !== undefined) schemas.delete(oldest);
    return bound(parameters, schema, given);
  };
}

/** Validated values with defaults filled in. VALIDATION_ERROR names each wrong one. */
export const bindArguments: BindArguments = (parameters, given) =>
  bound(parameters, argumentsSchema(parameters), given);

function bound(
  parameters: readonly Parameter[],
  schema: z.ZodObject,
  given: unknown,
): Record<string, unknown> {
  const excess = excessOf(given, defaultLimits.nesting, defaultLimits.argumentBytes);
  if (excess === "large") throw tooManyArguments(defaultLimits.argumentBytes);
  if (excess === "deep")
    throw new ToolError("VALIDATION_ERROR", "The arguments are nested too deeply.", {
      hint: "Put deep data into a dataset.",
      details: { reason: "argument_nesting" },
    });
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data as Record<string, unknown>;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => {
    if (issue.code === "unrecognized_keys") return `unknown argument ${issue.keys.join(", ").slice(0, 100)}`;
    const isMissing = issue.path.length === 1 && !Object.hasOwn(Object(given), issue.path[0] as string);
    const what = isMissing ? "is not given" : issue.message.slice(0, 120);
    return `${issue.path.join(".") || "arguments"}: ${what}`;
  });
  const tookLong = parsed.error.issues.some(({ message }) => message === patternProblems.too_long);
  throw new ToolError("VALIDATION_ERROR", `${problems.join("; ")}.`, {
    hint: `Arguments: ${parameters.map(({ name, type }) => `${name} (${type})`).join(", ") || "none"}.`,
    details: { reason: tookLong ? "pattern_time" : "invalid_arguments" },
  });
}

/** Undeclared parameters, for programs nobody declared any for. VALIDATION_ERROR for a name that cannot be one. */
export function freeParameters(names: readonly string[], required = true): Parameter[] {
  return names.map((name) => {
    const parsed = parameterSchema.safeParse(required ? { name } : { name, required });
    if (parsed.success) return parsed.data;
    throw new ToolError("VALIDATION_ERROR", `$${name.slice(0, 80)} cannot be an argument.`, {
      hint: "Names are up to 64 letters, digits and _, and do not begin with __.",
      details: { reason: "parameter" },
    });
  });
}
