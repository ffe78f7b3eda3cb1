import { join } from "node:path";
import { exposedTools } from "@mcp-data/core";
import { checkCatalogue, snapshotDrift } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { catalogue, catalogueFor } from "../src/catalogue.ts";
import { groupsFor, isHidden } from "../src/groups.ts";
import { instructionsFor } from "../src/instructions.ts";

const root = join(import.meta.dirname, "..");
const names = (groups: readonly string[] | undefined, readOnly = false) =>
  exposedTools(catalogueFor("x", undefined, readOnly), {
    ...(groups === undefined ? {} : { groups }),
    readOnly,
  }).map(({ name }) => name);

test("the catalogue keeps what every server promises", () => {
  const report = checkCatalogue({ catalogue, testFolders: [join(root, "src/tools")] });
  expect(report.problems).toEqual([]);
  expect(report.visible).toBe(12);
});

test("no public definition changed unnoticed", () => {
  expect(snapshotDrift({ folder: join(root, "test/tools"), tools: catalogue.tools })).toEqual([]);
});

test("all fifteen workflows of the plan, flows, health and sign-in are there; groups choose", () => {
  expect(names(["all"])).toHaveLength(18);
  expect(names(groupsFor(["collaboration"]))).toEqual([
    "onboard_partner",
    "manage_permissions",
    "share_results",
    "health_check",
    "test_connection",
  ]);
  expect(names(groupsFor(["questions"]))).toContain("run_flow_workflow");
  expect(groupsFor(undefined)).toBeUndefined();
});

test("read-only leaves only tools that read", () => {
  expect(names(["all"], true)).toEqual([
    "monitor_cleanroom_status",
    "retrieve_and_analyze_results",
    "monitor_organization_health",
    "analyze_usage_patterns",
    "troubleshoot_issues",
    "health_check",
    "test_connection",
  ]);
});

test("a tool says that it writes files, and a read-only server has it without the arguments that do", () => {
  const shown = (readOnly: boolean) =>
    catalogueFor("x", undefined, readOnly)
      .tools.filter(({ name }) => ["retrieve_and_analyze_results", "troubleshoot_issues"].includes(name))
      .map(({ annotations, input }) => [
        annotations.readOnlyHint,
        ["file", "file_name", "resolved"].filter((name) => name in input.shape),
      ]);
  expect(shown(false)).toEqual([
    [false, ["file", "file_name"]],
    [false, ["resolved"]],
  ]);
  expect(shown(true)).toEqual([
    [true, []],
    [true, []],
  ]);
});

test("a token that leaves no tool of a group does not make the group unknown", () => {
  const poor = catalogueFor("x", ["read:cleanrooms"]);
  expect(poor.tools.some(({ group }) => group === "data")).toBe(false);
  const groups = groupsFor(["data", "workspace"])?.filter((group) => !isHidden(group, poor.tools));
  expect(exposedTools(poor, { groups: groups ?? [] }).map(({ name }) => name)).toEqual([
    "monitor_cleanroom_status",
    "health_check",
    "test_connection",
  ]);
  expect(exposedTools(poor, {}).map(({ name }) => name)).toContain("health_check");
  expect(isHidden("nonsense", poor.tools)).toBe(false);
});

test("a token that clearly lacks a permission hides the tools that need it; one that does not say hides none", () => {
  const shown = (permissions: readonly string[] | undefined) =>
    catalogueFor("x", permissions).tools.map(({ name }) => name);
  expect(shown(["read:cleanrooms", "write:cleanroomquestions"])).not.toContain("setup_cleanroom_workspace");
  expect(shown(["read:cleanrooms", "write:cleanroomquestions"])).toContain("monitor_cleanroom_status");
  expect(shown(undefined)).toHaveLength(18);
});

test("the emulator is named first in its instructions, which stay short", () => {
  expect(instructionsFor("EMULATOR")).toMatch(/^EMULATOR/);
  expect(instructionsFor("EMULATOR").length).toBeLessThanOrEqual(1_800);
});
