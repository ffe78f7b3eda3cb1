import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isToolError } from "@mcp-data/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseText } from "../document/read-document.ts";
import { annotationFor } from "./annotation.ts";
import { loadAnnotations, parseAnnotations } from "./load.ts";

function parse(yaml: string) {
  return parseAnnotations(parseText(yaml, "yaml", "file x"), "file x");
}

function message(yaml: string): string {
  try {
    parse(yaml);
  } catch (error) {
    if (isToolError(error) && error.code === "CONFIG_ERROR") return error.message;
    throw error;
  }
  throw new Error("expected CONFIG_ERROR");
}

test("reads a file with all fields, aliases and short forms", async () => {
  const folder = await mkdtemp(join(tmpdir(), "annotations-"));
  try {
    const path = join(folder, "shop.yaml");
    await writeFile(
      path,
      `
tables:
  app.orders:
    description: One row per order.
    use_cases: [revenue, returns]
    data_quality_notes: Before 2020 amounts are net.
    owner: sales
    refresh_frequency: hourly
    related_tables:
      - app.customers
      - {table: app.items, join_hint: orders.id = items.order_id, note:}
    column_notes: {constructor: who built it}
    synonyms: purchase
  empty:
`,
    );
    const annotations = await loadAnnotations(path);
    expect(annotationFor(annotations, "app", "orders")).toEqual({
      description: "One row per order.",
      use_cases: ["revenue", "returns"],
      quality_notes: ["Before 2020 amounts are net."],
      owner: "sales",
      refresh: "hourly",
      related_tables: [
        { table: "app.customers" },
        { table: "app.items", join_hint: "orders.id = items.order_id" },
      ],
      column_notes: { constructor: "who built it" },
      synonyms: ["purchase"],
    });
    expect(annotationFor(annotations, "any", "empty")).toEqual({});
    expect(annotationFor(annotations, "app", "items")).toBeUndefined();
    await expect(loadAnnotations(join(folder, "none.yaml"))).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("an empty file annotates nothing and says so", () => {
  expect(parse("")).toEqual({ layers: [], warnings: ["The file x is empty."] });
  expect(parse("tables:").layers).toEqual([new Map()]);
});

test.each([
  ["- a", "expected a mapping, received a list"],
  ["hunter2", "expected a mapping, received a string"],
  ["tabels: {}", "tabels: unknown key"],
  ["tables: [a]", "tables: expected a mapping"],
  ["tables: {orders: hunter2}", "tables.orders: expected object, received string"],
  ["tables: {orders: {descripton: hunter2}}", 'tables.orders: unknown key "descripton"'],
  ["tables: {orders: {owner: [hunter2]}}", "tables.orders.owner: expected string, received array"],
  ["tables: {app.orders: {use_cases: [{a: hunter2}]}}", 'tables["app.orders"].use_cases[0]: expected string'],
  ["tables: {orders: {related_tables: [{join_hint: hunter2}]}}", "related_tables[0].table: expected string"],
  ["tables: {orders: {refresh: hunter2, refresh_frequency: hunter2}}", 'unknown key "refresh_frequency"'],
])("%s is refused by field, without its content", (yaml, part) => {
  const text = message(yaml);
  expect(text).toContain(part);
  expect(text).not.toContain("hunter2");
});

test("any document is annotations or a CONFIG_ERROR", () => {
  const keys = fc.constantFrom(
    "tables",
    "description",
    "owner",
    "column_notes",
    "related_tables",
    "table",
    "__proto__",
    "synonyms",
    "app.t",
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.constant(null),
      fc.integer(),
      fc.boolean(),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(keys, tie("node"), { maxKeys: 4 }),
    ),
  })).node;
  let good = 0;
  fc.assert(
    fc.property(
      fc.oneof(value, fc.record({ tables: fc.dictionary(keys, fc.dictionary(keys, value)) })),
      (document) => {
        try {
          const annotations = parseAnnotations(document, "x");
          for (const key of annotations.layers[0]?.keys() ?? []) annotationFor(annotations, "app", key);
          good++;
        } catch (error) {
          expect(isToolError(error) && error.code).toBe("CONFIG_ERROR");
        }
      },
    ),
    { numRuns: 1_000, seed: 7 },
  );
  expect(good).toBeGreaterThan(0);
});
