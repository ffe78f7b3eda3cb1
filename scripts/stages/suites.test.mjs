import { expect, test } from "vitest";
import { lastCount } from "./suites.mjs";

test("the last count of a run's output is the run's count", () => {
  expect(lastCount("a: 3 passed, 1 failed\nall: 84 passed, 0 failed\n", true)).toEqual({
    passed: 84,
    failed: 0,
  });
});

test("a failing exit is a failure whatever was printed", () => {
  expect(lastCount("84 passed, 0 failed", false)).toEqual({ passed: 84, failed: 1 });
  expect(lastCount("crashed", false)).toEqual({ passed: 0, failed: 1 });
});

test("a run that prints no count is one check", () => {
  expect(lastCount("fine", true)).toEqual({ passed: 1, failed: 0 });
});
