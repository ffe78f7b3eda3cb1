import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { absentSurfaces, asksFor, judge, readChecks, scenarioOf, unscoredScenarios } from "./suite.mjs";

const check = (/** @type {string} */ status, untestable = false) => ({
  scenario: "ping",
  id: "ping-1",
  status,
  untestable,
});

test("counts successes and failures, and neither notes nor skips", () => {
  const verdict = judge([
    check("SUCCESS"),
    check("FAILURE"),
    check("INFO"),
    check("SKIPPED"),
    check("SUCCESS"),
  ]);
  expect(verdict).toMatchObject({ passed: 2, failed: 1, failures: [{ status: "FAILURE" }] });
});

test("reads which scenarios the suite does not count", () => {
  const output = [
    "✗ tasks-lifecycle: 1 passed, 8 failed",
    "Not scored for 2026-07-28: 2 scenario(s) run, 1 failing. These do not affect conformance.",
    "  ✗ tasks-lifecycle (extension)",
    "  ✓ json-schema-2020-12 (pending)",
  ].join("\n");
  expect(unscoredScenarios(output)).toEqual(["tasks-lifecycle", "json-schema-2020-12"]);
  expect(unscoredScenarios("Total: 3 passed, 0 failed")).toEqual([]);
});

test("finds a scenario's name in the name of its results folder", () => {
  expect(scenarioOf("server-tools-list-2026-11-20T11-21-45-111Z/checks.json")).toBe("tools-list");
  expect(scenarioOf("server-json-schema-2020-12-2026-11-20T11-21-45-111Z/checks.json")).toBe(
    "json-schema-2020-12",
  );
  expect(() => scenarioOf("elsewhere/checks.json")).toThrow("not a results file");
});

test("reads every check of a results folder, and which of them a missing fixture made", () => {
  const folder = mkdtempSync(join(tmpdir(), "conformance-test-"));
  try {
    const run = join(folder, "server-ping-2026-11-20T11-21-45-111Z");
    mkdirSync(run);
    const checks = [
      { id: "a", status: "SUCCESS" },
      { id: "b", status: "FAILURE", errorMessage: "no tool", details: { untestable: true } },
    ];
    writeFileSync(join(run, "checks.json"), JSON.stringify(checks));
    expect(readChecks(folder)).toEqual([
      { scenario: "ping", id: "a", status: "SUCCESS", untestable: false },
      { scenario: "ping", id: "b", status: "FAILURE", message: "no tool", untestable: true },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a server is not asked for a surface it does not declare, and for every one it does", () => {
  expect(absentSurfaces({ tools: {}, resources: {}, prompts: {} })).toEqual([]);
  const absent = absentSurfaces({ tools: {} });
  expect(absent).toEqual(["resources", "prompts"]);
  expect(asksFor({ id: "sep-2549-resources-templates-list-caching-hints" }, absent)).toBe(true);
  expect(asksFor({ id: "sep-2549-tools-list-caching-hints" }, absent)).toBe(false);
  expect(asksFor({ id: "sep-2549-prompts-list-caching-hints" }, [])).toBe(false);
});
