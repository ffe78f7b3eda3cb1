import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonOf, runPython } from "./support/python.ts";

const count = process.env.SOAK_SECONDS !== undefined ? "500" : "60";
const seed = process.env.SOAK_SEED ?? "1";

test.each([
  ["oldest", "pandas"],
  ["newest", "pandas"],
  ["oldest", "polars"],
  ["newest", "polars"],
] as const)("what is called exact is exact, on %s with %s", { timeout: 600_000 }, async (env, library) => {
  const script = join(import.meta.dirname, "python/ground_truth.py");
  const { stdout, stderr, code } = await runPython(await pythonOf(env), [script, library, count, seed]);
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  expect(report.wrong).toEqual([]);
  expect(report.failures).toBe(0);
  expect(report.exact / (report.exact + report.inferred + report.coarse)).toBeGreaterThan(0.6);
});

test.each([
  ["oldest", "pandas"],
  ["newest", "pandas"],
  ["newest", "polars"],
] as const)(
  "what a loop does again and again is no less exact, on %s with %s",
  { timeout: 600_000 },
  async (env, library) => {
    const script = join(import.meta.dirname, "python/ground_truth.py");
    const times = process.env.SOAK_SECONDS !== undefined ? "200" : "10";
    const { stdout, stderr, code } = await runPython(await pythonOf(env), [
      script,
      library,
      times,
      seed,
      "80",
    ]);
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect(report.wrong).toEqual([]);
    expect(report.failures).toBe(0);
    if (library === "pandas") expect(report.counted).toBeGreaterThan(1_000);
  },
);
