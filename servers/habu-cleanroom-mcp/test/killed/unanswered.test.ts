import { localPrincipal } from "@mcp-data/core";
import { expect, test } from "vitest";
import { openTools } from "../helpers/tool-bench.ts";
import { struck } from "./arrange.ts";

const tool = "setup_cleanroom_workspace";
const args = { name: "Twice", users: ["ben.frost@acme.example"], connections: ["Acme CRM"] };

test("the same call twice at once makes each thing once: the second is told of the first, or finds its work done", async () => {
  const { call, emulator } = await openTools();
  const ends = await Promise.all([call(tool, args), call(tool, args)]);
  expect(ends.some(({ success }) => success)).toBe(true);
  for (const end of ends)
    if (!end.success)
      expect(end.error).toMatchObject({ details: { reason: "UNDER_WAY" }, retry_after_ms: 10_000 });
  const made = emulator.world.rooms.filter(({ name }) => name === "Twice");
  expect(made.map(({ members, datasets }) => [members.length, datasets.length])).toEqual([[2, 1]]);
  expect(emulator.journal.counts()).toMatchObject({
    createCleanroom: 1,
    addCleanroomUser: 1,
    configureCleanroomDataset: 1,
  });
});

test("a caller who went away in the middle of a write comes back to it", async () => {
  const { services, ok, emulator, caller } = await openTools({ transport: { timeoutMs: 60_000 } });
  emulator.faults.set({ next: [{ operation: "createCleanroom", kind: "silence_after" }] });
  const away = new AbortController();
  const left = caller.call({ tool, args, principal: localPrincipal, signal: away.signal });
  await struck(emulator, "silence_after");
  away.abort();
  expect(await left).toMatchObject({ success: false, error: { code: "CANCELLED" } });
  const back = await ok(tool, args);
  expect(back.warnings).toContainEqual(expect.stringContaining("Begun, its end unknown: room"));
  expect(back.report.steps[0]).toMatchObject({ state: "adopted" });
  expect(emulator.journal.counts().createCleanroom).toBe(1);
  expect(services.environment).toBe("EMULATOR");
});

test("a run nobody can say was begun is not begun again by the same call, with or without the handle", async () => {
  const { call, fails, emulator } = await openTools();
  const parameters = {
    "Q-202": {
      min_reach: "5",
      "adlogs.exposure_date_start": "2026-10-01",
      "adlogs.exposure_date_end": "2026-10-31",
    },
  };
  const run = { cleanroom: "CR-1001", parameters };
  emulator.faults.set({
    next: [
      { operation: "createOrUpdateCleanroomFlowRun", kind: "reset_after" },
      { operation: "listCleanroomFlowRuns", kind: "500", times: 4 },
    ],
  });
  expect(await fails("run_flow_workflow", run)).toMatchObject({ details: { reason: "UNKNOWN_OUTCOME" } });
  expect(await call("run_flow_workflow", run)).toMatchObject({
    success: true,
    data: { status: "running" },
    warnings: expect.arrayContaining([expect.stringContaining("no known end")]),
  });
  expect(emulator.world.rooms[0]?.flows[0]?.runs).toHaveLength(1);
});

test("a failed step names a handle; whoever ignores it and calls again is not mistaken for a killed call", async () => {
  const { ok, fails, emulator } = await openTools();
  emulator.faults.set({ next: [{ operation: "addCleanroomUser", kind: "unsuccessful" }] });
  const failed = await fails(tool, args);
  expect(failed.details.resume).toMatch(/^work_/);
  expect(await fails(tool, args)).toMatchObject({ code: "CONFLICT", details: { reason: "NAME_TAKEN" } });
  const done = await ok(tool, { name: "Twice", resume: failed.details.resume });
  expect(done.report.steps.map(({ state }: { state: string }) => state)).toEqual(["skipped", "done", "done"]);
});
