import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootDir, servers } from "./workspace.mjs";

// Packages import each other's TypeScript, so a kept verdict must not outlive a change of theirs.
test("typechecking again is spared only while core and the shared settings are as they were", () => {
  const args = ["run", "typecheck", "--dry=json"];
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1" };
  const plan = JSON.parse(
    execFileSync(join(rootDir, "node_modules/.bin/turbo"), args, { cwd: rootDir, env, encoding: "utf8" }),
  );
  expect(Object.keys(plan.globalCacheInputs.files)).toContain("tsconfig.base.json");
  const needs = new Map(plan.tasks.map(({ taskId, dependencies }) => [taskId, dependencies]));
  for (const { manifest } of servers()) {
    expect(needs.get(`${manifest.name}#typecheck`)).toEqual([`${manifest.name}#sources`]);
    expect(needs.get(`${manifest.name}#sources`)).toContain("@mcp-data/core#sources");
  }
});
