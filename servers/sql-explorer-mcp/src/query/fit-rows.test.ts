import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cell } from "../engine/engine.ts";
import { fitRows, uniqueNames } from "./fit-rows.ts";

const size = (row: readonly Cell[]) => JSON.stringify(row).length + 1;
const names = (...list: string[]) => uniqueNames(list.map((name) => ({ name, type: "text" })));

test("no rows stay no rows", () => {
  expect(fitRows([], size, 100)).toEqual({ rows: [], cut: false, shortened: false });
});

test("whole rows are kept up to the budget and the cut is said", () => {
  expect(fitRows([["aaaa"], ["bbbb"], ["cccc"]], size, 20)).toEqual({
    rows: [["aaaa"], ["bbbb"]],
    cut: true,
    shortened: false,
  });
});

test("a single row above the budget comes with shortened cells instead of nothing", () => {
  const fitted = fitRows([["x".repeat(5_000), 7, null, { a: "y".repeat(5_000) }], ["next"]], size, 1_000);
  expect(fitted).toMatchObject({ cut: true, shortened: true });
  expect(fitted.rows).toHaveLength(1);
  expect(size(fitted.rows[0] ?? [])).toBeLessThanOrEqual(1_000);
  expect(fitted.rows[0]?.slice(1, 3)).toEqual([7, null]);
});

test("kept rows are a prefix and within the budget", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 5 })),
      fc.integer({ min: 50, max: 500 }),
      (rows, budget) => {
        const { rows: kept, cut, shortened } = fitRows(rows, size, budget);
        if (shortened) return;
        expect(kept).toEqual(rows.slice(0, kept.length));
        expect(cut).toBe(kept.length < rows.length);
        expect(kept.reduce((sum, row) => sum + size(row), 0)).toBeLessThanOrEqual(budget);
      },
    ),
  );
});

test("repeated column names stay apart, whatever they collide with", () => {
  expect(names("a", "a", "a_2", "a")).toEqual(["a", "a_3", "a_2", "a_4"]);
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "a_2", "a_2_2", "b", "__proto__", "")), (list) => {
      expect(new Set(names(...list)).size).toBe(list.length);
    }),
  );
});
