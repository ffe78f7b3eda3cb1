import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "monitor_cleanroom_status";

test("reports health: readiness, people, datasets, exports", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { cleanroom: "CR-1001" });
  expect(report).toMatchObject({
    cleanroom: { display_id: "CR-1001" },
    datasets: [{ name: "Acme CRM" }, { name: "Acme Ad Logs" }, { name: "Northwind Impressions" }],
  });
  expect(report.questions).toHaveLength(2);
});

test("shows partner activity as far as the platform has it, and says so", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { cleanroom: "Retail Media Insights" });
  expect(report.partners).toEqual([{ name: "Globex TV", users: 1 }]);
  expect(report.invitations).toEqual([expect.objectContaining({ status: "PENDING" })]);
  expect(report.coverage.at(-1)).toContain("no sign-ins");
});

test("counts runs, success and durations", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { cleanroom: "Broken Setup", days: 7 });
  expect(report.runs).toMatchObject({ runs: 2, finished: 2, failed: 1, success_rate: 50 });
});

test("gives insights and the next call", async () => {
  const { ok } = await openTools();
  const { report, next } = await ok(tool, { cleanroom: "Broken Setup" });
  expect(report.insights).toEqual(
    expect.arrayContaining([
      expect.stringContaining("MISSING_DATASETS"),
      expect.stringContaining("runs failed"),
      expect.stringContaining("has no user"),
    ]),
  );
  expect(next.map((one: { tool: string }) => one.tool)).toContain("troubleshoot_issues");
});

test("a room in which the API user is no administrator is shown with what is not visible", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { cleanroom: "Partner Hosted" });
  expect(report.not_visible).toHaveLength(4);
  expect(report.summary).toContain("? partner(s)");
});

test("a second look costs no call", async () => {
  const { ok } = await openTools();
  expect((await ok(tool, { cleanroom: "CR-1001" })).calls).toBeGreaterThan(5);
  expect((await ok(tool, { cleanroom: "CR-1001" })).calls).toBe(0);
});
