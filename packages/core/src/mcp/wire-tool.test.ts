import { expect, test } from "vitest";
import { z } from "zod";
import { defineTool } from "../tool/define-tool.ts";
import { inputJsonSchema, toWireTool } from "./wire-tool.ts";

test("an input schema is strict, described, and free of what goes without saying", () => {
  const schema = inputJsonSchema(
    z.strictObject({
      limit: z.number().int().min(1).default(50).describe("How many."),
      offset: z.number().int().describe("Where from."),
      kinds: z
        .array(z.enum(["a", "b"]))
        .optional()
        .describe("Which."),
    }),
  );
  expect(schema).toEqual({
    type: "object",
    properties: {
      limit: { type: "integer", minimum: 1, default: 50, description: "How many." },
      offset: { type: "integer", description: "Where from." },
      kinds: { type: "array", items: { type: "string", enum: ["a", "b"] }, description: "Which." },
    },
    required: ["offset"],
    additionalProperties: false,
  });
});

test("a tool is listed with the envelope as its output, whatever its data", () => {
  const tool = defineTool({
    name: "t",
    title: "T",
    description: "Does.",
    input: z.strictObject({}),
    output: z.object({ rows: z.array(z.unknown()) }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    scopes: ["secret"],
    group: "read",
    run: async () => ({ data: { rows: [] } }),
  });
  const wire = toWireTool(tool);
  expect(Object.keys(wire)).toEqual([
    "name",
    "title",
    "description",
    "inputSchema",
    "outputSchema",
    "annotations",
  ]);
  expect(wire.outputSchema).toMatchObject({ required: ["success", "data", "timing_ms"] });
  expect(JSON.stringify(wire)).not.toMatch(/rows|secret/);
});
