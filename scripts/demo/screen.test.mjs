import { expect, test } from "vitest";
import { columnWidths, createScreen, terminal, wrap } from "./screen.mjs";

function screen(options) {
  let out = "";
  const shown = createScreen({
    width: 40,
    color: false,
    ...options,
    write: (text) => {
      out += text;
    },
  });
  return { shown, read: () => out };
}

test("colour needs a terminal and no NO_COLOR; width stays within reason", () => {
  expect(terminal({ isTTY: true, columns: 80 }, {})).toEqual({ width: 80, color: true });
  expect(terminal({ isTTY: true, columns: 300 }, { NO_COLOR: "1" })).toEqual({ width: 110, color: false });
  expect(terminal({}, {})).toEqual({ width: 100, color: false });
  expect(terminal({ columns: 5 }, {}).width).toBe(40);
});

test("a table aligns numbers right, shows nothing as a dash, and no line is wider than the screen", () => {
  const { shown, read } = screen();
  shown.table(
    ["name", "total"],
    [
      ["a", 1],
      ["b".repeat(60), 1234.5],
      ["c", null],
    ],
  );
  const lines = read().trimEnd().split("\n");
  expect(lines[1]).toMatch(/^ {2}a +1$/);
  expect(lines[2]).toMatch(/b… {2}1234\.5$/);
  expect(lines[3]).toMatch(/^ {2}c +–$/);
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(40);
});

test("an empty table is its head", () => {
  const { shown, read } = screen();
  shown.table(["name", "total"], []);
  expect(read()).toBe("  name  total\n");
});

test("colour only when asked for", () => {
  const plain = screen();
  plain.shown.refused("VALIDATION_ERROR", "no", "do this");
  expect(plain.read()).not.toContain("\u001b");
  const coloured = screen({ color: true });
  coloured.shown.refused("VALIDATION_ERROR", "no", "do this");
  expect(coloured.read()).toContain("\u001b[31mVALIDATION_ERROR\u001b[0m");
});

test("wrapping keeps every word", () => {
  const text = "one two three fourteenletters five";
  expect(wrap(text, 9)).toEqual(["one two", "three", "fourteenletters", "five"]);
  expect(wrap("", 9)).toEqual([""]);
});

test("the widest column gives way first", () => {
  expect(columnWidths([["aaaaaaaaaa", "bb"]], 10)).toEqual([6, 2]);
});

test("a call shows its arguments in one line and its statement below, as written", () => {
  const { shown, read } = screen();
  shown.call("query", { sql: "SELECT 1\n  FROM t", max_rows: 5 });
  expect(read()).toBe("\n› query max_rows=5\n    SELECT 1\n      FROM t\n");
});

test("plan lines keep their indent and are cut, not wrapped", () => {
  const { shown, read } = screen();
  shown.lines(["  Seq Scan", "x".repeat(50)]);
  expect(read()).toBe(`    Seq Scan\n  ${"x".repeat(37)}…\n`);
});
