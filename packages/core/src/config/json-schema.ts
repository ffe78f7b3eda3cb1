import { z } from "zod";

/** The JSON Schema (2020-12) editors use to check and complete a config file. */
export function configJsonSchema(
  schema: z.ZodType,
  about: { readonly id: string; readonly title: string },
): Record<string, unknown> {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return { $schema, $id: about.id, title: about.title, ...body };
}
