import { expect, test } from "vitest";
import { capRows } from "./row-cap.ts";
import type { RowLimit } from "./verdict.ts";

const text = "SELECT 1 -- last";
const none: RowLimit = { kind: "none", hasOffset: false };

test("a statement without LIMIT gets one row more than the cap, after a line break", () => {
  expect(capRows({ text, limit: none }, { maxRows: 500 })).toEqual({
    text: "SELECT 1 -- last\nLIMIT 501",
    skip: 0,
    appended: true,
  });
});

test("a page is an OFFSET where the statement has neither", () => {
  expect(capRows({ text, limit: none }, { maxRows: 10, offset: 20 }).text).toBe(
    "SELECT 1 -- last\nLIMIT 11 OFFSET 20",
  );
});

test("a statement with its own OFFSET is paged by skipping rows", () => {
  const limit: RowLimit = { kind: "none", hasOffset: true };
  expect(capRows({ text, limit }, { maxRows: 10, offset: 20 })).toEqual({
    text: "SELECT 1 -- last\nLIMIT 31",
    skip: 20,
    appended: true,
  });
});

test.each<RowLimit>([
  { kind: "literal", count: 3, hasOffset: false },
  { kind: "literal", count: 1_000_000, hasOffset: true },
  { kind: "other", hasOffset: false },
])("the caller's own LIMIT stays: %j", (limit) => {
  expect(capRows({ text, limit }, { maxRows: 10, offset: 5 })).toEqual({ text, skip: 5, appended: false });
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("%s is no number of rows", (value) => {
  expect(() => capRows({ text, limit: none }, { maxRows: value })).toThrow(RangeError);
  expect(() => capRows({ text, limit: none }, { maxRows: 1, offset: value })).toThrow(RangeError);
});
