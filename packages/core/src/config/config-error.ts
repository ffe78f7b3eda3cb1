import { ToolError } from "../error/tool-error.ts";

/** One thing wrong with a configuration. No part of it ever holds a configured value. */
export interface ConfigProblem {
  /** `sources[0].limits.max_rows`; empty for the whole file. */
  readonly field: string;
  readonly problem: string;
  readonly fix?: string;
  /** Where the value came from: `explorer.yaml:12`, `--http`, `$SHOP_HTTP`. */
  readonly from?: string;
}

const maxShown = 20;

export function configError(problems: readonly ConfigProblem[], cause?: unknown): ToolError {
  const lines = problems.slice(0, maxShown).map((one) => {
    const where = one.from === undefined ? "" : ` (${one.from})`;
    const fix = one.fix === undefined ? "" : ` ${one.fix}`;
    return `${one.field === "" ? "" : `${one.field}: `}${one.problem}${where}.${fix}`;
  });
  if (problems.length > maxShown) lines.push(`… and ${problems.length - maxShown} more.`);
  return new ToolError("CONFIG_ERROR", ["The configuration is not valid.", ...lines].join("\n  "), {
    details: { problems: problems.slice(0, maxShown) },
    ...(cause === undefined ? {} : { cause }),
  });
}

export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key).slice(0, 80);
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** What a value is, in words for a person; never the value. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return value === "" ? "empty text" : "text";
  return typeof value === "boolean" ? "true/false" : "a number";
}
