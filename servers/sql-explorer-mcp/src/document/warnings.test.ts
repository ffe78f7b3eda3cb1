import { expect, test } from "vitest";
import { bounded, quote } from "./warnings.ts";

test("few warnings stay, many are counted", () => {
  expect(bounded(["a", "b"], 2)).toEqual(["a", "b"]);
  expect(bounded(["a", "b", "c", "d"], 2)).toEqual(["a", "b", "… and 2 more of this kind."]);
});

test("a name stays on one line and is cut", () => {
  expect(quote('a"\nb')).toBe('"a\\"\\nb"');
  expect(quote("x".repeat(81))).toHaveLength(82);
});
