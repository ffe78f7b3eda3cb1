import { expect, test } from "vitest";
import { z } from "zod";
import { configJsonSchema } from "./json-schema.ts";
import { secretField } from "./secret.ts";

test("describes what may be written in the file, not what comes out of it", () => {
  const schema = z.strictObject({
    port: z.int().default(80).describe("Where to listen"),
    dsn: secretField(),
    when: z
      .string()
      .transform((text) => new Date(text))
      .optional(),
  });
  expect(configJsonSchema(schema, { id: "https://example.org/shop.json", title: "Shop" })).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://example.org/shop.json",
    title: "Shop",
    type: "object",
    additionalProperties: false,
    required: ["dsn"],
    properties: {
      port: { type: "integer", default: 80, description: "Where to listen" },
      dsn: { anyOf: [{ type: "string" }, { type: "object", required: ["file"] }] },
      when: { type: "string" },
    },
  });
});
