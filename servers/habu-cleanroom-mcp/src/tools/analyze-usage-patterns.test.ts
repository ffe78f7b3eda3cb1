import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "analyze_usage_patterns";

test("reports utilisation of questions, busiest first", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool);
  expect(report.questions[0]).toMatchObject({ name: "Campaign Overlap", runs: 9 });
});

test("shows trends and the datasets behind them", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { days: 5 });
  expect(report.questions.find(({ name }: { name: string }) => name === "Campaign Overlap")).toMatchObject({
    runs: expect.any(Number),
    runs_before: expect.any(Number),
  });
  expect(report.datasets.map(({ name }: { name: string }) => name)).toContain("Acme CRM");
  expect(
    report.trending.every(
      ({ runs, runs_before }: { runs: number; runs_before: number }) => runs > runs_before,
    ),
  ).toBe(true);
});

test("shows how much partners take part", async () => {
  const { ok } = await openTools();
  expect((await ok(tool)).report.partners.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["Acme Retail", "Northwind Media", "Globex TV"]),
  );
});

test("estimates cost in run minutes, labelled so, and finds savings", async () => {
  const { ok, emulator } = await openTools();
  const twice = emulator.world.roomQuestions[0]?.runs.at(-1);
  if (twice !== undefined)
    emulator.world.roomQuestions[0]?.runs.push({
      ...twice,
      id: "repeat",
      submittedAt: twice.submittedAt + 1_000,
    });
  const { report } = await ok(tool);
  expect(report.cost_estimate).toMatchObject({
    run_minutes: expect.any(Number),
    note: expect.stringContaining("shows no cost"),
  });
  expect(report.savings.join(" ")).toContain("same parameters");
});

test("gives a summary for executives and its coverage", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { cleanroom: "CR-1001" });
  expect(report.executive_summary).toHaveLength(3);
  expect(report.coverage.at(-1)).toContain("most used");
});
