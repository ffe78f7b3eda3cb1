import fc from "fast-check";
import { expect, test } from "vitest";
import { type Annotations, annotationFor, mergeAnnotations, noAnnotations } from "./annotation.ts";
import type { TableAnnotation } from "./table-annotation.ts";

function layer(entries: Readonly<Record<string, TableAnnotation>>): Annotations {
  return { layers: [new Map(Object.entries(entries))], warnings: [] };
}

test("the file wins over the table, field by field, even when it names the table without schema", () => {
  const file = layer({ orders: { description: "file", column_notes: { a: "file" } } });
  const table = layer({
    "app.orders": { description: "table", owner: "sales", column_notes: { a: "table", b: "table" } },
  });
  expect(annotationFor(mergeAnnotations(file, table), "app", "orders")).toEqual({
    description: "file",
    owner: "sales",
    column_notes: { a: "file", b: "table" },
  });
});

test("within a layer the qualified entry wins over the bare one", () => {
  const one = layer({ orders: { owner: "all", refresh: "daily" }, "app.orders": { owner: "app" } });
  expect(annotationFor(one, "app", "orders")).toEqual({ owner: "app", refresh: "daily" });
  expect(annotationFor(one, "old", "orders")).toEqual({ owner: "all", refresh: "daily" });
  expect(annotationFor(one, "app", "items")).toBeUndefined();
});

test("lists are replaced whole, so that the stronger author can take something out", () => {
  const merged = mergeAnnotations(
    layer({ t: { use_cases: ["a"] } }),
    layer({ t: { use_cases: ["b", "c"] } }),
  );
  expect(annotationFor(merged, "s", "t")?.use_cases).toEqual(["a"]);
});

test("a column note is found by an own key only", () => {
  const notes = annotationFor(layer({ t: { column_notes: { a: "x" } } }), "s", "t")?.column_notes;
  expect(notes?.constructor).toBeUndefined();
  expect(notes?.a).toBe("x");
});

const annotation = fc.record(
  {
    description: fc.constantFrom("a", "b"),
    owner: fc.constantFrom("c", "d"),
    use_cases: fc.array(fc.constantFrom("e", "f"), { maxLength: 2 }),
    column_notes: fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom("g", "h")),
  },
  { requiredKeys: [] },
);
const annotations = fc
  .array(fc.dictionary(fc.constantFrom("t", "s.t", "u"), annotation), { maxLength: 3 })
  .map((all): Annotations => mergeAnnotations(...all.map(layer)));

test("merging is associative, has an empty element, and never loses a field", () => {
  fc.assert(
    fc.property(annotations, annotations, annotations, (a, b, c) => {
      const look = (all: Annotations) => annotationFor(all, "s", "t");
      expect(look(mergeAnnotations(mergeAnnotations(a, b), c))).toEqual(
        look(mergeAnnotations(a, mergeAnnotations(b, c))),
      );
      expect(look(mergeAnnotations(noAnnotations, a))).toEqual(look(a));
      const both = look(mergeAnnotations(a, b));
      for (const field of ["description", "owner", "use_cases"] as const) {
        expect(both?.[field]).toEqual(look(a)?.[field] ?? look(b)?.[field]);
      }
      for (const column of ["x", "y"]) {
        expect(both?.column_notes?.[column]).toBe(
          look(a)?.column_notes?.[column] ?? look(b)?.column_notes?.[column],
        );
      }
    }),
  );
});
