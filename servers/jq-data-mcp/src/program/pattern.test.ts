import { expect, test } from "vitest";
import { compilePattern, createPatternTime } from "./pattern.ts";

test("a pattern is matched, or refused when it is none", () => {
  const time = createPatternTime();
  const match = compilePattern("^\\d{4}$", time);
  expect([match("2026"), match("26"), match("2026")]).toEqual(["yes", "no", "yes"]);
  expect(() => compilePattern("(", time)).toThrow(SyntaxError);
});

test("patterns that backtrack for ever share one moment; a second later they have another", () => {
  let now = 0;
  const time = createPatternTime(() => now);
  const evil = compilePattern("^(a+)+$", time);
  const kind = compilePattern("^(b+)+$", time);
  const text = `${"a".repeat(40)}!`;
  expect(evil(text)).toBe("too_long");
  const left = time.left();
  expect(left).toBeLessThan(1);
  // Not begun at all: nothing is spent.
  expect([evil(text), kind("b"), time.left()]).toEqual(["too_long", "too_long", left]);
  now = 1_001;
  expect(kind("b")).toBe("yes");
});
