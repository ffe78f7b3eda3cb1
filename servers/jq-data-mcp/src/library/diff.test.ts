import fc from "fast-check";
import { expect, test } from "vitest";
import { cutDiff, diffLines } from "./diff.ts";

const without = (sign: "+" | "-", diff: string) =>
  diff
    .split("\n")
    .filter((line) => !line.startsWith(sign))
    .map((line) => line.slice(1))
    .join("\n");
const text = fc
  .array(fc.constantFrom("a", "b", "c", "d "), { minLength: 1, maxLength: 30 })
  .map((lines) => lines.join("\n"));

test("whatever the two texts are, each is in their difference, whole and in order", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffLines(before, after);
      expect([without("+", diff), without("-", diff)]).toEqual([before, after]);
    }),
  );
});

test("a line far down in a long text is shown, and what is equal is not told as changed", () => {
  const lines = Array.from({ length: 5_000 }, (_, i) => `line ${i}`);
  const changed = lines.with(4_321, "error");
  const told = diffLines(lines.join("\n"), changed.join("\n")).split("\n");
  expect(told.filter((line) => !line.startsWith(" "))).toEqual(["-line 4321", "+error"]);
  const other = lines.map((line) => `other ${line}`);
  const all = diffLines(lines.join("\n"), other.join("\n"));
  expect([without("+", all), without("-", all)]).toEqual([lines.join("\n"), other.join("\n")]);
});

test("what is cut is told, with how much it is", () => {
  const diff = diffLines("", Array.from({ length: 700 }, (_, i) => `# ${i}`).join("\n"));
  expect(cutDiff(diff, 100_000, "there")).toBe(diff);
  const cut = cutDiff(diff, 600, "there").split("\n");
  expect(cut.at(-1)).toBe(`… ${700 - cut.length + 1} more lines, not shown here: there`);
  expect(cut.slice(0, -1)).toEqual(diff.split("\n").slice(0, cut.length - 1));
  expect(cutDiff(`+${"x".repeat(50)}`, 10, "there")).toContain("… 1 more line, not shown here: there");
});
