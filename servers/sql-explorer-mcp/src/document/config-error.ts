import { ToolError } from "@mcp-data/core";
import type { z } from "zod";
import { quote } from "./warnings.ts";

export interface Fault {
  /** File's own name, e.g. `annotations file shop.yaml`. */
  readonly what: string;
  /** Path of the field; empty for the document as a whole. */
  readonly field: string;
  readonly problem: string;
  readonly fix: string;
}

/** CONFIG_ERROR naming field and fix. Keys may be shown, values never: the wrong file may have been named. */
export function configError(fault: Fault): ToolError {
  const at = fault.field === "" ? "" : ` ${fault.field}:`;
  return new ToolError("CONFIG_ERROR", `${fault.what}:${at} ${fault.problem}.`, {
    hint: fault.fix,
    details: { reason: "invalid_document", ...(fault.field === "" ? {} : { field: fault.field }) },
  });
}

/** `a.b[0].c`; a key that is not a plain word is quoted and cut. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => {
      if (typeof part === "number") return `[${part}]`;
      const key = String(part);
      return /^\w{1,60}$/.test(key) ? `.${key}` : `[${quote(key)}]`;
    })
    .join("")
    .replace(/^\./, "");
}

/** Parses or throws CONFIG_ERROR about the first issue. `under` is the path of the value in its document. */
export function checkShape<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
  under: readonly PropertyKey[] = [],
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue === undefined)
    throw configError({ what, field: "", problem: "is not valid", fix: "Correct it." });
  const { path, problem, fix } = explain(issue);
  throw configError({ what, field: fieldPath([...under, ...path]), problem, fix });
}

/** The first issue as a short sentence, without any value. */
export function explain(issue: z.core.$ZodIssue): {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
  readonly fix: string;
} {
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.slice(0, 3).map(quote).join(", ");
    return { path: issue.path, problem: `unknown key ${keys}`, fix: "Remove it or correct its spelling." };
  }
  if (issue.code === "invalid_union") {
    const first = issue.errors[0]?.[0];
    if (first !== undefined) return explain({ ...first, path: [...issue.path, ...first.path] });
  }
  const problem = issue.message.replace(/^Invalid (input|option): /, "").replace(/\.$/, "");
  return { path: issue.path, problem, fix: "Correct the field and start again." };
}
