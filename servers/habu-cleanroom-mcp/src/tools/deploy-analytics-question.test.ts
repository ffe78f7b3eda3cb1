import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "deploy_analytics_question";

test("adds a question to a room and assigns datasets by type and fields by name", async () => {
  const { ok, emulator } = await openTools();
  const done = await ok(tool, {
    cleanroom: "CR-1001",
    question: "Frequency Report",
    datasets: { AdLogs: "Acme Ad Logs" },
  });
  expect(done.report.question.status).toBe("READY");
  expect(done.report.defaults_taken).toEqual(["@Crm is Acme CRM, the only dataset that fits"]);
  expect(done.report.datasets[1]).toMatchObject({
    macro: "Crm",
    fields: { email: "email", segment: "segment" },
  });
  expect(emulator.journal.violations()).toEqual([]);
});

test("asks where several datasets fit", async () => {
  const { ok, emulator } = await openTools();
  const asked = await ok(tool, { cleanroom: "CR-1001", question: "Frequency Report" });
  expect(asked.report.questions).toEqual([
    expect.objectContaining({
      field: "datasets.AdLogs",
      candidates: ["Acme Ad Logs", "Northwind Impressions"],
    }),
  ]);
  expect(emulator.journal.counts().addCleanroomQuestion).toBeUndefined();
});

test("sets permissions and compute, and reads permissions back", async () => {
  const { ok, fails } = await openTools();
  const done = await ok(tool, {
    cleanroom: "CR-1001",
    question: "Frequency Report",
    datasets: { AdLogs: "Acme Ad Logs" },
    permissions: { VIEW_CODE: "partners", RUN: "owner" },
    compute: "LARGE",
  });
  expect(done.report.permissions).toMatchObject({ VIEW_CODE: "partners", RUN: "owner" });
  expect(
    await fails(tool, { cleanroom: "CR-1001", question: "Frequency Report", permissions: { FLY: "owner" } }),
  ).toMatchObject({ code: "VALIDATION_ERROR" });
});

test("validates configuration: a partner's dataset is left to the partner, and the summary names who owes what", async () => {
  const { ok } = await openTools();
  const done = await ok(tool, {
    cleanroom: "CR-1001",
    question: "Frequency Report",
    datasets: { AdLogs: "Northwind Impressions" },
  });
  expect(done.report.question.status).toBe("MISSING_DATASETS");
  expect(done.report.waiting_for).toEqual([
    { macro: "AdLogs", organisation: "Northwind Media", who: "the partner, in the console" },
  ]);
  expect(done.report.summary).toContain("waits for Northwind Media");
});

test("creates a new question from SQL and checks its macros first", async () => {
  const { ok, fails, emulator } = await openTools();
  const create = {
    title: "New Reach",
    category: "Measurement",
    sql: "SELECT segment, COUNT(*) n FROM @Crm GROUP BY 1",
    macros: { Crm: { type: "CRM", fields: { segment: "STRING" } } },
    dimensions: { segment: "STRING" },
    measures: { n: "INTEGER" },
  };
  expect(
    await fails(tool, { cleanroom: "CR-1001", create: { ...create, sql: "SELECT 1 FROM @crm" } }),
  ).toMatchObject({ message: expect.stringContaining("@Crm") });
  const done = await ok(tool, { cleanroom: "CR-1001", create });
  expect(done.report.question).toMatchObject({ name: "New Reach", status: "READY" });
  expect(emulator.world.questions.at(-1)?.title).toBe("New Reach");
});

test("a deployment that is repeated changes nothing, and what it needs for a run is told", async () => {
  const { ok, emulator } = await openTools();
  const done = await ok(tool, {
    cleanroom: "CR-1001",
    question: "Reach by Segment",
    datasets: { AdLogs: "Acme Ad Logs" },
  });
  expect(done.report.steps).toEqual([expect.objectContaining({ state: "skipped" })]);
  expect(done.report.run_parameters.map(({ name }: { name: string }) => name)).toEqual([
    "min_reach",
    "adlogs.exposure_date_start",
    "adlogs.exposure_date_end",
  ]);
  expect(emulator.journal.counts().configureCleanroomQuestionDatasets).toBeUndefined();
  expect((await ok(tool, { cleanroom: "CR-1001" })).status).toBe("needs_input");
});
