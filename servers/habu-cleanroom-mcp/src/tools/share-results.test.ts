import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "share_results";
const question = { question: "Campaign Overlap", cleanroom: "CR-1001" };

test("shares with partners after confirmation and reads the whole list back", async () => {
  const { ok, confirmed, fails } = await openTools();
  expect((await ok(tool, { ...question, action: "show" })).report.not_shared_with).toEqual([
    "Northwind Media",
    "Globex TV",
  ]);
  await confirmed(tool, { ...question, action: "share", partners: ["Northwind Media"] });
  const both = await confirmed(tool, { ...question, action: "share", partners: ["Globex TV"] });
  expect(both.report.after).toEqual(["Northwind Media", "Globex TV"]);
  expect(
    (await ok(tool, { ...question, action: "share", partners: ["globex tv"] })).report.summary,
  ).toContain("Nothing to change");
  expect(await fails(tool, { ...question, action: "share", partners: ["Initech"] })).toMatchObject({
    code: "NOT_FOUND",
  });
});

test("distributes results to a destination, follows the export, pauses and deletes it", async () => {
  const { ok, confirmed, emulator } = await openTools();
  const made = await confirmed(tool, {
    ...question,
    action: "export",
    export_settings: { S3_EXPORT_PATH: "s3://acme/out/" },
  });
  expect(made.report.job).toEqual(expect.any(String));
  emulator.clock.advance(3_600_000);
  expect((await ok(tool, { ...question, action: "exports" })).report.export_jobs[0].runs[0]).toMatchObject({
    status: "COMPLETE",
    records: 120,
  });
  expect((await ok(tool, { ...question, action: "pause_export" })).report.summary).toContain("PAUSED");
  await confirmed(tool, { ...question, action: "resume_export" });
  expect((await confirmed(tool, { ...question, action: "delete_export" })).report.summary).toContain("gone");
});

test("a room without exports says how results leave instead", async () => {
  const { fails } = await openTools();
  expect(
    await fails(tool, { question: "Frequency Report", cleanroom: "CR-1002", action: "export" }),
  ).toMatchObject({ code: "CONFLICT", details: { reason: "EXPORT_DISABLED" } });
});

test("takes sharing back", async () => {
  const { confirmed, emulator } = await openTools();
  await confirmed(tool, { ...question, action: "share", partners: ["Northwind Media", "Globex TV"] });
  const left = await confirmed(tool, { ...question, action: "unshare", partners: ["Globex TV"] });
  expect(left.report.after).toEqual(["Northwind Media"]);
  expect(emulator.world.roomQuestions[0]?.shares).toHaveLength(1);
});

test("keeps an audit trail of sharing and reading, across restarts", async () => {
  const { confirmed, restart } = await openTools();
  await confirmed(tool, { ...question, action: "share", partners: ["Northwind Media"] });
  const { report } = await restart().ok(tool, { ...question, action: "audit" });
  expect(report.trail).toEqual([
    expect.objectContaining({ what: "share", before: [], after: [expect.any(String)], principal: "local" }),
  ]);
  expect(report.limits[0]).toContain("no access log");
});
