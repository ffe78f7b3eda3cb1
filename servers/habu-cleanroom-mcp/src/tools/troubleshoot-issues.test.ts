import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "troubleshoot_issues";
const rulesOf = (report: { findings: { rule: string }[] }) => report.findings.map(({ rule }) => rule);

test("diagnoses configuration: connections, datasets, parameters, failed runs, roles", async () => {
  const { ok } = await openTools();
  expect(rulesOf((await ok(tool)).report)).toEqual(
    expect.arrayContaining(["CONNECTION_FAILED", "CONNECTION_WAITING", "CONNECTION_UNMAPPED"]),
  );
  expect(rulesOf((await ok(tool, { cleanroom: "Broken Setup" })).report)).toEqual(
    expect.arrayContaining([
      "DATASET_MISSING",
      "PARTNER_WITHOUT_USERS",
      "COLUMN_UNKNOWN",
      "PARAMETERS_MISSING",
    ]),
  );
  expect(rulesOf((await ok(tool, { cleanroom: "Partner Hosted" })).report)).toContain("PERMISSION_ROOM");
  expect(rulesOf((await ok(tool, { cleanroom: "Retail Media Insights" })).report)).toContain(
    "INVITATION_OLD",
  );
});

test("each finding has evidence and a fix, and the next call follows from it", async () => {
  const { ok } = await openTools();
  const seen = await ok(tool, { question: "Campaign Overlap", cleanroom: "Broken Setup" });
  expect(seen.report.findings[0]).toMatchObject({
    rule: "DATASET_MISSING",
    severity: "high",
    evidence: expect.stringContaining("MISSING_DATASETS"),
    fix: expect.any(String),
  });
  expect(seen.next[0]).toMatchObject({ tool: "deploy_analytics_question" });
  expect((await ok(tool, { question: "Campaign Overlap", cleanroom: "CR-1001" })).report.summary).toContain(
    "Nothing wrong",
  );
});

test("finds why a run has no rows or failed, by its id alone", async () => {
  const { ok, emulator, fails } = await openTools();
  const runs = emulator.world.roomQuestions.flatMap((one) => one.runs);
  const empty = runs.find(({ rows }) => rows === 0);
  const failed = runs.find(({ path }) => path[0] === "FAILED");
  expect((await ok(tool, { run: empty?.id })).report.findings[0]).toMatchObject({
    rule: "PARAMETERS_MISSING",
    evidence: expect.stringContaining("adlogs.exposure_date_start"),
  });
  expect((await ok(tool, { run: failed?.id })).report.findings[0]).toMatchObject({
    rule: "COLUMN_UNKNOWN",
    cause: expect.stringContaining("exposure_day"),
  });
  expect(await fails(tool, { run: "by name" })).toMatchObject({ code: "VALIDATION_ERROR" });
});

test("escalates with a redacted bundle", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, {
    connection: "Legacy Exports",
    symptom: "no data, password=hunter2",
    escalate: true,
  });
  expect(report.escalation).toMatchObject({
    server_version: expect.any(String),
    findings: [expect.objectContaining({ rule: "CONNECTION_FAILED" })],
    ids: { connection: "Legacy Exports" },
  });
  expect(JSON.stringify(report.escalation)).not.toContain("hunter2");
});

test("keeps notes on what resolved a finding, when the operator wants it, and shows them next time", async () => {
  const { fails, restart } = await openTools();
  expect(await fails(tool, { resolved: { rule: "CONNECTION_FAILED", how: "x" } })).toMatchObject({
    code: "UNSUPPORTED",
  });
  const learning = restart({ knowledge: true });
  await learning.ok(tool, { resolved: { rule: "CONNECTION_FAILED", how: "Renewed the bucket policy" } });
  const { report } = await restart({ knowledge: true }).ok(tool, { connection: "Legacy Exports" });
  expect(report.findings[0]).toMatchObject({
    rule: "CONNECTION_FAILED",
    resolved_before: ["Renewed the bucket policy"],
  });
});

test("names a missing permission, a refused key and spent budgets", async () => {
  const { ok } = await openTools({ permissions: ["read:cleanrooms", "read:cleanroomquestions"] });
  expect((await ok(tool)).report.findings[0]).toMatchObject({
    rule: "PERMISSION_TOKEN",
    evidence: expect.stringContaining("write:cleanroomquestionruns"),
  });
  const refused = await openTools({ config: { client_id: "wrong" } });
  expect(rulesOf((await refused.ok(tool, { cleanroom: undefined })).report)).toContain("AUTH_REJECTED");
});
