import { expect, test } from "vitest";
import type { Record_ } from "../store/memory.ts";
import { match } from "./matched-runs.ts";

const cell = (cell_id: string, cell_name: string, code_hash: string): Record_ => ({
  cell_id,
  cell_name,
  code_hash,
});
const shown = (rows: readonly Record_[]) => rows.map(({ cell_id }) => cell_id);

test("a cell put in before the others shifts no one", () => {
  const before = [cell("1", "_", "x"), cell("2", "_", "y")];
  const after = [cell("1", "_", "new"), cell("2", "_", "x"), cell("3", "_", "y")];
  const { pairs, removed, added } = match(before, after);
  expect(pairs.map(shown)).toEqual([
    ["1", "2"],
    ["2", "3"],
  ]);
  expect([shown(removed), shown(added)]).toEqual([[], ["1"]]);
});

test("edited, renamed, deleted", () => {
  const before = [cell("1", "load", "a"), cell("2", "old", "b"), cell("3", "gone", "c"), cell("4", "_", "d")];
  const after = [cell("9", "load", "a2"), cell("8", "fresh", "b"), cell("4", "_", "d2")];
  const { pairs, removed, added } = match(before, after);
  expect(pairs.map(shown)).toEqual([
    ["1", "9"],
    ["2", "8"],
    ["4", "4"],
  ]);
  expect([shown(removed), shown(added)]).toEqual([["3"], []]);
});

test("two cells of one name: each is matched once", () => {
  const twins = [cell("1", "same", "a"), cell("2", "same", "b")];
  const { pairs } = match(twins, [...twins].reverse());
  expect(pairs.map(shown)).toEqual([
    ["1", "1"],
    ["2", "2"],
  ]);
});
