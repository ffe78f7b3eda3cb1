import type { z } from "zod";
import { type ConfigProblem, configError, fieldPath } from "./config-error.ts";
import { describeIssues } from "./describe-issue.ts";
import { type EnvField, readEnvFields } from "./env-fields.ts";
import { type Env, interpolate } from "./interpolate.ts";
import { type ParsedFile, parseConfigFile } from "./parse-file.ts";
import { merge, nest, type Path, valueAt, withValue } from "./tree.ts";

/** A setting given on the command line. */
export interface FlagSetting {
  /** As typed: `--http`. */
  readonly flag: string;
  /** The field it sets: `http.listen`. */
  readonly field: string;
  /** Undefined when the flag was not given. */
  readonly value: unknown;
}

export interface LoadConfigOptions<Schema extends z.ZodType> {
  /** Strict objects: an unknown key is an error. */
  readonly schema: Schema;
  /** YAML or JSON; absent: flags and variables only. */
  readonly file?: string;
  readonly env?: Env;
  readonly envFields?: readonly EnvField[];
  readonly flags?: readonly FlagSetting[];
}

/** Flags over variables over the file. CONFIG_ERROR names each field, the kind of its value and the fix. */
export function loadConfig<Schema extends z.ZodType>(options: LoadConfigOptions<Schema>): z.output<Schema> {
  const env = options.env ?? process.env;
  const file = options.file === undefined ? undefined : parseConfigFile(options.file);
  const filled = interpolate(file?.value ?? {}, env);
  const fromEnv = readEnvFields(options.envFields ?? [], env);
  const problems = [...filled.problems.map((one) => located(one, file)), ...fromEnv.problems];
  if (problems.length > 0) throw configError(problems);

  const settings = [
    ...fromEnv.settings,
    ...(options.flags ?? [])
      .filter((flag) => flag.value !== undefined)
      .map(({ flag, field, value }) => ({ from: flag, path: field.split("."), value })),
  ];
  const input = settings.reduce((under, { path, value }) => merge(under, nest(path, value)), filled.value);

  const parsed = parseConverting(options.schema, input, filled.filled);
  if (parsed.success) return parsed.data;
  throw configError(
    describeIssues(options.schema, input, parsed.error.issues).map(({ path, ...problem }) => {
      const setting = settings.findLast((one) => one.path.every((key, at) => key === path[at]));
      const from = setting?.from ?? file?.lineOf(path);
      return { ...problem, ...(from === undefined ? {} : { from }) };
    }),
  );
}

/** A field filled from a variable is text; where the schema wants a number or a switch it is read as one. */
function parseConverting<Schema extends z.ZodType>(schema: Schema, input: unknown, filled: readonly Path[]) {
  const first = schema.safeParse(input);
  if (first.success || filled.length === 0) return first;
  const fromVariable = new Set(filled.map(fieldPath));
  let changed = input;
  for (const issue of first.error.issues) {
    if (issue.code !== "invalid_type" || !fromVariable.has(fieldPath(issue.path))) continue;
    changed = withValue(changed, issue.path, convert(valueAt(changed, issue.path), issue.expected));
  }
  return schema.safeParse(changed);
}

function convert(value: unknown, expected: string): unknown {
  if (typeof value !== "string") return value;
  if (expected === "boolean") return value === "true" ? true : value === "false" ? false : value;
  const isNumber = (expected === "number" || expected === "int") && /^-?\d+(\.\d+)?$/.test(value);
  return isNumber ? Number(value) : value;
}

function located(problem: ConfigProblem, file: ParsedFile | undefined): ConfigProblem {
  const path = problem.field.split(/[.[\]]+/).filter(Boolean);
  const from = file?.lineOf(path.map((key) => (/^\d+$/.test(key) ? Number(key) : key)));
  return from === undefined ? problem : { ...problem, from };
}
