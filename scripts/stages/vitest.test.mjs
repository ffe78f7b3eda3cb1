import { expect, test } from "vitest";
import { countTests, secondsPerFolder } from "./vitest.mjs";

const results = (over) => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...over,
});

test("counts what passed", () => {
  expect(countTests(results({}), 0)).toEqual({ passed: 3, failed: 0 });
});

test("a test file that cannot be loaded is a failure", () => {
  const testResults = [{ status: "failed", assertionResults: [] }];
  expect(countTests(results({ testResults }), 1)).toEqual({ passed: 3, failed: 1 });
});

test("a skipped test is a failure, and so is a crash outside the tests", () => {
  expect(countTests(results({ numPendingTests: 2 }), 0).failed).toBe(2);
  expect(countTests(results({}), 1).failed).toBe(1);
});

test("seconds are summed by folder, slowest first", () => {
  const file = (name, ms) => ({ name: `/r/${name}`, startTime: 0, endTime: ms });
  const testResults = [
    file("packages/core/src/sql/a.test.ts", 500),
    file("packages/core/src/sql/b.test.ts", 1000),
    file("scripts/x.test.mjs", 4000),
  ];
  expect(secondsPerFolder({ testResults }, "/r")).toEqual([
    "     4.0 s  scripts",
    "     1.5 s  packages/core/src/sql",
  ]);
});
