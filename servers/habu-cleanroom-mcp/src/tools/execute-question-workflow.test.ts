import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "execute_question_workflow";
const dates = {
  min_reach: "10",
  "adlogs.exposure_date_start": "2026-10-01",
  "adlogs.exposure_date_end": "2026-10-31",
};

test("runs with parameters and progress between polls, and summarises", async () => {
  const { ok, emulator } = await openTools();
  const first = await ok(tool, { question: "CRQ-3002", parameters: dates });
  expect(first).toMatchObject({
    status: "running",
    report: { usual_minutes: expect.any(Number), elapsed_minutes: 0 },
  });
  emulator.clock.advance(120_000);
  const early = await ok(tool, { question: "CRQ-3002", resume: first.resume });
  expect(early.report).toMatchObject({ elapsed_minutes: 2, next_check_at: first.report.next_check_at });
  expect(emulator.journal.counts().getCleanroomQuestionRunById).toBeUndefined();
  emulator.clock.advance(30 * 60_000);
  const done = await ok(tool, { question: "CRQ-3002", resume: first.resume });
  expect(done).toMatchObject({
    status: "done",
    report: { run: { status: "COMPLETED" }, rows: expect.any(Number) },
  });
  const again = await ok(tool, { question: "CRQ-3002", resume: first.resume });
  expect(again.status).toBe("done");
  expect(emulator.journal.counts().getCleanroomQuestionRunById).toBe(1);
  expect(emulator.journal.violations()).toEqual([]);
});

test.each(["reset", "500_after"] as const)(
  "a look at a run whose answer is lost (%s) is not repeated before its time: what was known is told",
  async (kind) => {
    const { ok, emulator } = await openTools();
    const first = await ok(tool, { question: "CRQ-3002", parameters: dates });
    emulator.clock.advance(5 * 60_000 + 1_000);
    emulator.faults.set({ next: [{ operation: "getCleanroomQuestionRunById", kind }] });
    const lost = await ok(tool, { question: "CRQ-3002", resume: first.resume });
    expect(lost).toMatchObject({ status: "running", report: { next_check_at: expect.any(String) } });
    expect(emulator.journal.violations()).toEqual([]);
    emulator.clock.advance(40 * 60_000);
    expect(await ok(tool, { question: "CRQ-3002", resume: first.resume })).toMatchObject({ status: "done" });
    expect(emulator.journal.violations()).toEqual([]);
  },
);

test("asks for missing run and partition parameters before a slot is spent, and refuses wrong ones", async () => {
  const { ok, fails, services } = await openTools();
  const asked = await ok(tool, { question: "Reach by Segment", cleanroom: "CR-1001" });
  expect(asked.report.questions.map(({ field }: { field: string }) => field)).toEqual([
    "parameters.min_reach",
    "parameters.adlogs.exposure_date_start",
    "parameters.adlogs.exposure_date_end",
  ]);
  expect(asked.report.questions[0].candidates).toEqual(["50"]);
  for (const wrong of [
    { min_reach: "many" },
    { "adlogs.exposure_date_start": "yesterday" },
    { nope: "1" },
    { "adlogs.exposure_date_start": "2026-12-01" },
  ]) {
    expect(await fails(tool, { question: "CRQ-3002", parameters: { ...dates, ...wrong } })).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { reason: "BAD_PARAMETERS" },
    });
  }
  expect(services.ledger.use("question").used).toBe(0);
});

test("a question that is not ready names who owes what and spends nothing", async () => {
  const { fails, emulator } = await openTools();
  expect(await fails(tool, { question: "Campaign Overlap", cleanroom: "Broken Setup" })).toMatchObject({
    code: "CONFLICT",
    details: { reason: "NOT_READY", missing: ["@AdLogs of Northwind Media"] },
  });
  expect(emulator.journal.counts().createCleanroomQuestionRun).toBeUndefined();
});

test("a recent equal run is offered instead of another", async () => {
  const { ok, emulator } = await openTools();
  const args = { question: "Frequency Report", wait_seconds: 600 };
  await ok(tool, args);
  emulator.clock.advance(3_600_000);
  const offered = await ok(tool, args);
  expect(offered).toMatchObject({
    status: "needs_input",
    next: [expect.objectContaining({ tool: "retrieve_and_analyze_results" })],
  });
  await ok(tool, { ...args, fresh: true });
  expect(emulator.journal.counts().createCleanroomQuestionRun).toBe(2);
});

test("explains a failed run; a retryable one is offered again, at the user's word", async () => {
  const { ok, emulator } = await openTools();
  emulator.world.scripts.set("Frequency Report", {
    path: ["PENDING_RETRY", "FAILED"],
    failureReason: "Worker lost",
    isRetryable: true,
    times: 1,
  });
  let run = await ok(tool, { question: "Frequency Report", wait_seconds: 600 });
  for (let n = 0; n < 4 && run.status === "running"; n += 1)
    run = await ok(tool, { question: "Frequency Report", resume: run.resume, wait_seconds: 600 });
  expect(run.report).toMatchObject({
    summary: expect.stringContaining("Worker lost"),
    retry: expect.stringContaining("ask the user"),
  });
  expect(run.next.map(({ tool: name }: { tool: string }) => name)).toEqual(["troubleshoot_issues", tool]);
});

test("a run whose answer is lost is found by its name, not run twice; after a kill it is taken up again", async () => {
  for (const kind of ["reset_after", "500_after", "malformed"] as const) {
    const { ok, emulator } = await openTools();
    emulator.faults.set({ next: [{ operation: "createCleanroomQuestionRun", kind }] });
    const run = await ok(tool, { question: "Frequency Report" });
    expect(run.report.steps).toContainEqual(expect.objectContaining({ state: "adopted" }));
    expect(emulator.journal.counts().createCleanroomQuestionRun).toBe(1);
  }
});

test("the twenty-first run of an hour is refused here, with the minute it may begin", async () => {
  const { ok, fails, emulator } = await openTools();
  for (let n = 0; n < 20; n += 1) await ok(tool, { question: "Frequency Report", fresh: true });
  expect(await fails(tool, { question: "Frequency Report", fresh: true })).toMatchObject({
    code: "RATE_LIMITED",
    retry_after_ms: expect.any(Number),
    details: { reason: "RUN_BUDGET" },
  });
  expect(emulator.journal.counts().createCleanroomQuestionRun).toBe(20);
  expect(emulator.journal.violations()).toEqual([]);
});
