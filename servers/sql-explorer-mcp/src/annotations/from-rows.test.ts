import fc from "fast-check";
import { expect, test } from "vitest";
import { annotationFor } from "./annotation.ts";
import { annotationsFromRows } from "./from-rows.ts";

const columns = [
  "id",
  "TABLE_NAME",
  "description",
  "use_cases",
  "data_quality_notes",
  "owner",
  "refresh_frequency",
  "related_tables",
  "column_notes",
];

test("reads JSON text, arrays, PostgreSQL arrays, values and plain text", () => {
  const annotations = annotationsFromRows(columns, [
    [
      1,
      "app.orders",
      "[draft] orders",
      '["a","b"]',
      ["c"],
      "sales",
      null,
      '[{"table":"items","note":null}]',
      { id: "key" },
    ],
    [2, "items", null, '{a,"b, \\"c\\"",NULL}', "one note", "", "daily", "{}", '{"id":"key"}'],
  ]);
  expect(annotations.warnings).toEqual([]);
  expect(annotationFor(annotations, "app", "orders")).toEqual({
    description: "[draft] orders",
    use_cases: ["a", "b"],
    quality_notes: ["c"],
    owner: "sales",
    related_tables: [{ table: "items" }],
    column_notes: { id: "key" },
  });
  expect(annotationFor(annotations, "x", "items")).toEqual({
    use_cases: ["a", 'b, "c"'],
    quality_notes: ["one note"],
    refresh: "daily",
    related_tables: [],
    column_notes: { id: "key" },
  });
});

test("a schema column qualifies the name", () => {
  const annotations = annotationsFromRows(
    ["table_schema", "table_name", "owner"],
    [
      ["app", "t", "a"],
      [null, "t", "any"],
    ],
  );
  expect(annotationFor(annotations, "app", "t")).toEqual({ owner: "a" });
  expect(annotationFor(annotations, "b", "t")).toEqual({ owner: "any" });
});

test("bad fields, bad rows and repeats become warnings that name row and field, not the value", () => {
  const annotations = annotationsFromRows(
    ["table_name", "owner", "column_notes", "use_cases"],
    [
      ["a", 5, "[hunter2", ["x", { hunter2: 1 }]],
      ["", "x", null, null],
      [null, "x", null, null],
      ["a", "again", null, null],
      ["b", "fine", null, null],
    ],
  );
  expect(annotationFor(annotations, "s", "a")).toEqual({});
  expect(annotationFor(annotations, "s", "b")).toEqual({ owner: "fine" });
  const text = annotations.warnings.join("\n");
  expect(text).toContain('row 1 ("a"): owner: expected string, received number; the field is left out.');
  expect(text).toContain('row 1 ("a"): column_notes:');
  expect(text).toContain('row 1 ("a"): use_cases[1]:');
  expect(text).toContain("row 2: table_name is empty");
  expect(text).toContain("row 3: table_name is empty");
  expect(text).toContain('row 4: "a" is annotated twice');
  expect(text).not.toContain("hunter2");
});

test("without a table_name column it is not used", () => {
  expect(annotationsFromRows(["name"], [["a"]])).toEqual({
    layers: [],
    warnings: ["The annotations table has no column table_name; it is not used."],
  });
  expect(annotationsFromRows(["table_name"], []).layers[0]?.size).toBe(0);
});

test("warnings are bounded", () => {
  const rows = Array.from({ length: 500 }, () => [null]);
  expect(annotationsFromRows(["table_name"], rows).warnings).toHaveLength(21);
});

test("no row makes it throw, and a good row survives its neighbours", () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom("{", "[1]", '{"a":1}', "{a}", "[[]]", '{"__proto__":"x"}'),
    fc.jsonValue(),
    fc.constant(undefined),
    fc.bigInt(),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { maxLength: columns.length }), { maxLength: 5 }), (rows) => {
      const good = [0, "the good one", "fine"];
      const annotations = annotationsFromRows(columns, [...rows, good]);
      expect(annotationFor(annotations, "s", "the good one")).toEqual({ description: "fine" });
    }),
    { numRuns: 500 },
  );
});
