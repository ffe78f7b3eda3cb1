import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "run_flow_workflow";
const parameters = {
  "Q-202": {
    min_reach: "5",
    "adlogs.exposure_date_start": "2026-10-01",
    "adlogs.exposure_date_end": "2026-10-31",
  },
};

test("lists flows and asks for the parameters of each node before a slot is spent", async () => {
  const { ok, fails, services } = await openTools();
  expect((await ok(tool, { cleanroom: "CR-1001", action: "list" })).report.flows).toMatchObject([
    { name: "Holiday Pipeline" },
  ]);
  const asked = await ok(tool, { cleanroom: "CR-1001" });
  expect(asked.report.questions.map(({ field }: { field: string }) => field)).toContain(
    "parameters.Q-202.min_reach",
  );
  expect(await fails(tool, { cleanroom: "CR-1001", parameters: { "Q-9": {} } })).toMatchObject({
    code: "VALIDATION_ERROR",
    hint: expect.stringContaining("Q-202"),
  });
  expect(services.ledger.use("flow").used).toBe(0);
});

test("runs a flow to the output of its nodes, and a lost answer does not run it twice", async () => {
  const { ok, emulator } = await openTools();
  emulator.faults.set({ next: [{ operation: "createOrUpdateCleanroomFlowRun", kind: "500_after" }] });
  let run = await ok(tool, { cleanroom: "CR-1001", parameters, wait_seconds: 600 });
  for (let n = 0; n < 4 && run.status === "running"; n += 1)
    run = await ok(tool, { cleanroom: "CR-1001", resume: run.resume, wait_seconds: 600 });
  expect(run.report.outputs).toMatchObject([{ node: "Q-201" }, { node: "Q-202" }]);
  expect(run.report.outputs[0].first_rows.length).toBeGreaterThan(0);
  expect(emulator.journal.counts().createOrUpdateCleanroomFlowRun).toBe(1);
  expect(emulator.journal.violations()).toEqual([]);
});

test("a failed flow run names its reason; a replay needs confirmation because it costs a slot", async () => {
  const { ok, confirmed, emulator, fails } = await openTools();
  emulator.world.scripts.set("Holiday Pipeline", {
    path: ["FAILED"],
    failureReason: "Node Q-202 broke",
    times: 1,
  });
  let run = await ok(tool, { cleanroom: "CR-1001", parameters, wait_seconds: 600 });
  for (let n = 0; n < 4 && run.status === "running"; n += 1)
    run = await ok(tool, { cleanroom: "CR-1001", resume: run.resume, wait_seconds: 600 });
  expect(run.report.summary).toContain("Node Q-202 broke");
  const again = await confirmed(tool, { cleanroom: "CR-1001", action: "replay", run: run.report.run.id });
  expect(again.status).toBe("running");
  expect(await fails(tool, { cleanroom: "CR-1001", action: "continue" })).toMatchObject({
    code: "VALIDATION_ERROR",
  });
});
