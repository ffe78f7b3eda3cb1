import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { rootDir } from "../run/workspace.mjs";
import { runWithServices } from "../services/run-with-services.mjs";

/** The whole workspace in one vitest run, with real PostgreSQL and Redis around it. */
export const tests = {
  name: "tests",
  run: async ({ env }) => {
    const dir = await mkdtemp(join(tmpdir(), "mcp-data-vitest-"));
    try {
      const file = join(dir, "results.json");
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
      const code = await runWithServices(process.execPath, [vitest(), "run", ...reporters], { env });
      const results = JSON.parse(await readFile(file, "utf8"));
      for (const line of secondsPerFolder(results)) console.log(line);
      return countTests(results, code);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

export function vitest() {
  return join(rootDir, "node_modules", "vitest", "vitest.mjs");
}

/** A file that could not be loaded, a skipped test and a crash outside any test are failures too. */
export function countTests(results, exitCode) {
  const broken = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  const skipped = results.numPendingTests + results.numTodoTests;
  const failed = results.numFailedTests + broken + skipped;
  return { passed: results.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** Wall seconds of the test files summed by their first three folders, slowest first. */
export function secondsPerFolder(results, base = rootDir) {
  const sums = new Map();
  for (const file of results.testResults) {
    const folder = relative(base, file.name).split("/").slice(0, -1).slice(0, 4).join("/");
    sums.set(folder, (sums.get(folder) ?? 0) + (file.endTime - file.startTime) / 1000);
  }
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .map(([folder, seconds]) => `${seconds.toFixed(1).padStart(8)} s  ${folder}`);
}
