import { isToolError } from "@mcp-data/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { checkShape, fieldPath } from "./config-error.ts";

function failure(schema: z.ZodType, value: unknown): { message: string; details: unknown } {
  try {
    checkShape(schema, value, "file x", ["tables", "a.b"]);
  } catch (error) {
    if (isToolError(error)) return { message: error.message, details: error.details };
  }
  throw new Error("expected a ToolError");
}

test("a good value is returned as the schema outputs it", () => {
  expect(checkShape(z.object({ a: z.number().default(3) }), {}, "x")).toEqual({ a: 3 });
});

test("names field and kinds, never the value", () => {
  const { message, details } = failure(z.object({ owner: z.string() }), { owner: 41_234 });
  expect(message).toBe('file x: tables["a.b"].owner: expected string, received number.');
  expect(details).toEqual({ reason: "invalid_document", field: 'tables["a.b"].owner' });
  expect(failure(z.enum(["a", "b"]), "hunter2").message).not.toContain("hunter2");
  expect(failure(z.string().max(3), "hunter2").message).not.toContain("hunter2");
});

test("names unknown keys, cut", () => {
  expect(failure(z.strictObject({}), { descripton: 1 }).message).toContain('unknown key "descripton"');
  expect(failure(z.strictObject({}), { ["k".repeat(5_000)]: 1 }).message.length).toBeLessThan(200);
});

test("of a union it tells about the first form", () => {
  expect(failure(z.object({ v: z.union([z.string(), z.number()]) }), { v: [] }).message).toContain(
    "expected string, received array",
  );
});

test("paths: list positions, plain and odd keys", () => {
  expect(fieldPath(["a", 0, "b", "c d", 'e"'])).toBe('a[0].b["c d"]["e\\""]');
  expect(fieldPath([])).toBe("");
});
