import { ToolError } from "../error/tool-error.ts";

const maxDepth = 200;

/**
 * One text per JSON value: keys sorted by UTF-16 unit, no white space, undefined members left out.
 * Throws VALIDATION_ERROR beyond 200 levels, and TypeError on a bigint.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > maxDepth) {
    throw new ToolError("VALIDATION_ERROR", `The value is nested deeper than ${maxDepth} levels.`, {
      details: { reason: "too_large" },
    });
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if ("toJSON" in value && typeof value.toJSON === "function") return write(value.toJSON(""), depth + 1);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined || typeof member === "function" || typeof member === "symbol") continue;
    members.push(`${JSON.stringify(key)}:${write(member, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}
