import type { Tool } from "@modelcontextprotocol/server";
import { z } from "zod";
import { envelopeJsonSchema } from "../envelope/envelope.ts";
import type { AnyTool } from "../tool/define-tool.ts";

/** A tool as `tools/list` shows it. */
export function toWireTool(tool: AnyTool<never>): Tool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputJsonSchema(tool.input),
    outputSchema: envelopeJsonSchema as unknown as NonNullable<Tool["outputSchema"]>,
    annotations: { ...tool.annotations },
  };
}

/** The dialect and the bounds of a safe integer go without saying; each would cost tokens in every tool. */
export function inputJsonSchema(input: z.ZodObject): Tool["inputSchema"] {
  const { $schema: _, ...schema } = z.toJSONSchema(input, {
    io: "input",
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return schema as Tool["inputSchema"];
}
