import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "manage_question_schedules";
const question = { question: "Reach by Segment", cleanroom: "CR-1001" };

test("creates a schedule with defaults from the last complete run and from tomorrow", async () => {
  const { ok, emulator } = await openTools();
  const made = await ok(tool, { ...question, action: "create" });
  expect(made.report.defaults_taken).toEqual(
    expect.arrayContaining([
      "min_reach = 50, as in the last complete run",
      "frequency WEEKLY",
      "start 2026-11-21T06:00:00Z",
    ]),
  );
  expect(made.report.schedule).toMatchObject({ frequency: "WEEKLY", days: ["SAT"], active: true });
  expect(emulator.journal.violations()).toEqual([]);
});

test("moving dates are kept as moving dates", async () => {
  const { ok, emulator, fails } = await openTools();
  const parameters = {
    min_reach: "5",
    "adlogs.exposure_date_start": "today-7d",
    "adlogs.exposure_date_end": "today-1d",
  };
  const made = await ok(tool, { ...question, action: "create", name: "Rolling", parameters });
  expect(made.report.schedule.parameters).toMatchObject({
    "adlogs.exposure_date_start": "today-7d",
    min_reach: "5",
  });
  expect(emulator.world.roomQuestions[1]?.schedules[0]?.parameters[1]).toMatchObject({
    value: "7",
    dateType: "RELATIVE",
    dateQualifier: "DAYS",
    parameterType: "PARTITION_PARAMETER",
  });
  expect(
    await fails(tool, { ...question, action: "create", name: "Bad", parameters: { min_reach: "x" } }),
  ).toMatchObject({ code: "VALIDATION_ERROR" });
});

test("updates parameters and timing, keeping what is not named", async () => {
  const { ok } = await openTools();
  await ok(tool, { ...question, action: "create", name: "Weekly" });
  const done = await ok(tool, {
    ...question,
    action: "update",
    frequency: "MONTHLY",
    month_days: [1],
    parameters: { min_reach: "9" },
  });
  expect(done.report.after).toMatchObject({
    name: "Weekly",
    frequency: "MONTHLY",
    month_days: [1],
    parameters: { min_reach: "9", "adlogs.exposure_date_start": "2026-10-01" },
  });
});

test("shows the execution history of scheduled runs", async () => {
  const { ok, emulator } = await openTools();
  await ok(tool, { ...question, action: "create", name: "Nightly", frequency: "DAILY" });
  emulator.clock.advance(4 * 86_400_000);
  const seen = await ok(tool, { ...question, action: "history" });
  expect(seen.report.schedules[0].runs).toMatchObject({ runs: 4, failed: 0 });
});

test("finds conflicts and free hours", async () => {
  const { ok } = await openTools();
  await ok(tool, {
    ...question,
    action: "create",
    name: "A",
    frequency: "DAILY",
    start: "2026-11-21T06:00:00Z",
  });
  const clash = await ok(tool, {
    ...question,
    action: "create",
    name: "B",
    frequency: "DAILY",
    start: "2026-11-21T06:30:00Z",
  });
  expect(clash.report.conflicts).toEqual([
    expect.objectContaining({ kind: "same_question", schedules: ["A", "B"] }),
  ]);
  const all = await ok(tool, { ...question, action: "conflicts" });
  expect(all.report.advice[0]).toContain("Move B");
  expect(all.report.free_hours_utc).not.toContain(6);
});

test("pausing deletes and keeps a copy, restoring brings it back, deleting is final", async () => {
  const { ok, confirmed, fails, restart } = await openTools();
  await ok(tool, { ...question, action: "create", name: "Weekly" });
  await confirmed(tool, { ...question, action: "pause" });
  expect((await ok(tool, { ...question, action: "list" })).report.schedules).toEqual([]);
  const back = await restart().ok(tool, { ...question, action: "restore" });
  expect(back.report.schedule).toMatchObject({ name: "Weekly", parameters: { min_reach: "50" } });
  await confirmed(tool, { ...question, action: "delete", schedule: "Weekly" });
  expect(await fails(tool, { ...question, action: "restore", schedule: "Other" })).toMatchObject({
    code: "NOT_FOUND",
  });
});
