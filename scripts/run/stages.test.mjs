import { expect, test } from "vitest";
import { report, runStages, selectStages } from "./stages.mjs";

const quiet = () => {};
const stage = (name, outcome, extra = {}) => ({ name, run: async () => outcome, ...extra });

test("later stages run after a failure, and a thrown error is one failure", async () => {
  const stages = [
    {
      name: "a",
      run: async () => {
        throw new Error("broken");
      },
    },
    stage("b", { passed: 4, failed: 0 }),
  ];
  const lines = [];
  const results = await runStages(stages, {}, (line) => lines.push(line));
  expect(results.map(({ name, passed, failed }) => [name, passed, failed])).toEqual([
    ["a", 0, 1],
    ["b", 4, 0],
  ]);
  expect(lines).toContain("broken");
});

test("nothing runs after a failed required stage, and each of those counts as failed", async () => {
  const ran = [];
  const stages = [
    stage("install", { passed: 0, failed: 1 }, { required: true }),
    {
      name: "tests",
      run: async () => {
        ran.push("tests");
        return { passed: 9, failed: 0 };
      },
    },
  ];
  const results = await runStages(stages, {}, quiet);
  expect(ran).toEqual([]);
  expect(results.map(({ failed }) => failed)).toEqual([1, 1]);
});

test("the report ends with the sum alone on its line", () => {
  const lines = [];
  const log = (text) => lines.push(...text.split("\n"));
  const ok = report(
    [
      { name: "biome", seconds: 1.25, passed: 1, failed: 0 },
      { name: "tests", seconds: 61, passed: 120, failed: 2 },
    ],
    log,
  );
  expect(ok).toBe(false);
  expect(lines.at(-1)).toBe("121 passed, 2 failed");
  expect(lines.find((line) => line.startsWith("tests"))).toMatch(/61\.0 s\s+120 passed {2}2 failed$/);
});

test("--only keeps the table's order and refuses what does not exist", () => {
  const stages = ["a", "b", "c"].map((name) => stage(name, { passed: 1, failed: 0 }));
  expect(selectStages(stages, []).length).toBe(3);
  expect(selectStages(stages, ["--only", "c,a"]).map(({ name }) => name)).toEqual(["a", "c"]);
  expect(() => selectStages(stages, ["--only", "x"])).toThrow(/unknown stage x; known: a, b, c/);
  expect(() => selectStages(stages, ["--only"])).toThrow(/none given/);
  expect(() => selectStages(stages, ["--onyl", "a"])).toThrow(/unknown argument --onyl/);
});
