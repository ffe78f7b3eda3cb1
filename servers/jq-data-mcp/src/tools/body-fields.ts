import { ToolError } from "@mcp-data/core";
import { z } from "zod";

const loose = z.record(z.string(), z.unknown());

/** Written short, as every listed word costs tokens; what they hold is checked against the full schema. */
export const casesField = z
  .array(loose)
  .max(50)
  .default([])
  .describe("Test cases: {input, arguments?, expect: [every output]}.");
export const functionCasesField = z
  .array(loose)
  .max(50)
  .default([])
  .describe('Test cases: {input, call: "f(.; 2)", expect: [every output]}.');
export const parametersField = z
  .array(loose)

  .default([])
  .describe("{name, type (string, number, integer, …), default?, enum?, minimum?, maximum?}.");

/** The full form of what came in short. VALIDATION_ERROR names each wrong field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".")}: ${message.slice(0, 120)}`);
  throw new ToolError("VALIDATION_ERROR", `${problems.join("; ")}.`, {
    hint: "Correct these fields.",
    details: { reason: "invalid_arguments" },
  });
}
