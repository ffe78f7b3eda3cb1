import type { z } from "zod";
import { ToolError } from "../error/tool-error.ts";

/** The parsed arguments, or VALIDATION_ERROR naming each wrong one and what is allowed. */
export function validateInput(schema: z.ZodObject, args: unknown): unknown {
  const parsed = schema.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.slice(0, 5).map((issue) => describeIssue(issue, known));
  const more = parsed.error.issues.length - problems.length;
  throw new ToolError("VALIDATION_ERROR", `${problems.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`, {
    hint: known.length === 0 ? "This tool takes no arguments." : `Arguments: ${known.join(", ")}.`,
    details: { reason: "invalid_arguments" },
  });
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): string {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(clip(key), issue.path.length === 0 ? known : [])).join("; ");
  }
  const where = issue.path.length === 0 ? "arguments" : `"${clip(issue.path.join("."))}"`;
  return `${where}: ${clip(issue.message)}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = known.find(
    (name) => squash(name) === squash(key) || name.startsWith(key) || key.startsWith(name),
  );
  return `unknown argument "${key}"${near === undefined ? "" : `, did you mean "${near}"?`}`;
}

function squash(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
