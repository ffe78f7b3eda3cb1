import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "retrieve_and_analyze_results";

test("reads the latest complete run of a question, formatted, with where the rest is", async () => {
  const { ok } = await openTools();
  const first = await ok(tool, { question: "Campaign Overlap", cleanroom: "CR-1001", limit: 5 });
  expect(first.report.rows).toHaveLength(5);
  expect(first.report).toMatchObject({ next_offset: 5, offset: 0 });
  const rest = await ok(tool, {
    question: "Campaign Overlap",
    cleanroom: "CR-1001",
    offset: first.report.rows_total - 1,
    limit: 5,
  });
  expect(rest.report.rows).toHaveLength(1);
  expect(rest.report.next_offset).toBeUndefined();
});

test("summarises columns and compares with the run before", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool, { question: "Campaign Overlap", cleanroom: "CR-1001" });
  const [segment, matched] = report.columns;
  expect(segment).toMatchObject({ name: "segment", type: "STRING", distinct: 5, top: expect.any(Array) });
  expect(matched.mean).toBeCloseTo(matched.sum / (report.rows_total - matched.nulls), 3);
  expect(report.since_previous_run.rows).toMatchObject({ change_percent: 0 });
});

test("writes every row as CSV, NDJSON, JSON and Markdown, and never over a file", async () => {
  const { ok, fails } = await openTools();
  for (const [file, lines] of [
    ["csv", 1],
    ["ndjson", 0],
    ["json", 2],
    ["markdown", 2],
  ] as const) {
    const { report } = await ok(tool, {
      question: "Campaign Overlap",
      cleanroom: "CR-1001",
      file,
      file_name: "out",
      limit: 0,
    });
    const text = readFileSync(report.file.file, "utf8");
    expect([file, text.trimEnd().split("\n").length - lines]).toEqual([file, report.rows_total]);
    if (file === "json") expect(JSON.parse(text)).toHaveLength(report.rows_total);
  }
  expect(
    await fails(tool, { question: "Campaign Overlap", cleanroom: "CR-1001", file: "csv", file_name: "out" }),
  ).toMatchObject({ code: "CONFLICT", details: { reason: "FILE_EXISTS" } });
});

test("a file name cannot leave the export folder, by path, by link or by control character", async () => {
  const { fails, services, dir } = await openTools();
  for (const file_name of [
    "../evil",
    "a/b",
    "/etc/x",
    "..",
    "a\u0000b",
    "C:\\x",
    ".hidden",
    "x".repeat(101),
  ]) {
    expect(
      (await fails(tool, { question: "Campaign Overlap", cleanroom: "CR-1001", file: "csv", file_name }))
        .code,
    ).toBe("VALIDATION_ERROR");
  }
  mkdirSync(services.exportDir, { recursive: true });
  const outside = join(dir, "outside.csv");
  writeFileSync(outside, "keep");
  symlinkSync(outside, join(services.exportDir, "link.csv"));
  expect(
    await fails(tool, { question: "Campaign Overlap", cleanroom: "CR-1001", file: "csv", file_name: "link" }),
  ).toMatchObject({ code: "CONFLICT" });
  expect(readFileSync(outside, "utf8")).toBe("keep");
});

test("hostile cells are inert in CSV and fenced in the reply", async () => {
  const { ok, call, emulator } = await openTools();
  const trap = emulator.world.rooms.at(-1)?.displayId;
  const question = emulator.world.roomQuestions.at(-1)?.displayId ?? "";
  const { report } = await ok(tool, { question, cleanroom: trap, file: "csv" });
  const text = readFileSync(report.file.file, "utf8");
  for (const cell of ["'=cmd", "'+1", "'-2", "'@SUM"]) expect(text).toContain(cell);
  expect(text).not.toMatch(/(^|[\n,"])[=+@]/);
  expect(text).toContain('"quote "" and , comma');
  const answer = await call(tool, { question, cleanroom: trap });
  expect(answer).toMatchObject({
    data: { untrusted_begin: expect.stringMatching(/^untrusted-/), untrusted_end: expect.any(String) },
  });
});

test("tracks what was read here and says that the platform does not", async () => {
  const { ok } = await openTools();
  const args = { question: "Campaign Overlap", cleanroom: "CR-1001" };
  await ok(tool, args);
  const again = await ok(tool, args);
  expect(again.report.read_here).toBe("2 time(s) by this server");
  expect(again.report.limits[1]).toContain("does not say who read");
});

test("a run without results says why", async () => {
  const { fails, ok, emulator } = await openTools();
  const failed = emulator.world.roomQuestions
    .flatMap(({ runs }) => runs)
    .find(({ path }) => path[0] === "FAILED");
  expect(await fails(tool, { run: failed?.id })).toMatchObject({
    code: "CONFLICT",
    details: { reason: "RUN_FAILED" },
  });
  expect(await fails(tool, { question: "Campaign Overlap", cleanroom: "Broken Setup" })).toMatchObject({
    code: "NOT_FOUND",
    details: { reason: "NO_RESULT" },
  });
  expect(await fails(tool, {})).toMatchObject({ code: "VALIDATION_ERROR" });
  const running = await ok("execute_question_workflow", { question: "Frequency Report" });
  expect(await fails(tool, { run: running.report.run.id })).toMatchObject({
    code: "CONFLICT",
    details: { reason: "NOT_READY" },
  });
});

test("a failure in the middle of a file leaves nothing behind", async () => {
  const { fails, emulator, services } = await openTools({ transport: { retries: 0 } });
  const run = emulator.world.roomQuestions[0]?.runs.at(-1);
  if (run !== undefined) run.rows = 30_000;
  emulator.faults.set({ next: [{ operation: "getCleanroomQuestionRunDataCount", kind: "latency" }] });
  const going = fails(tool, { run: run?.id, file: "csv", file_name: "part", compare: false });
  const wait = setInterval(() => {
    if (existsSync(join(services.exportDir, "part.csv.part")))
      emulator.faults.set({ rate: 1, kinds: ["500"] });
  }, 1);
  expect((await going).code).toBe("UPSTREAM_ERROR");
  clearInterval(wait);
  expect(existsSync(join(services.exportDir, "part.csv"))).toBe(false);
  expect(existsSync(join(services.exportDir, "part.csv.part"))).toBe(false);
});

test("a caller who may only read reads, and writes no file", async () => {
  const { call, services } = await openTools();
  const reader = { id: "reader", scopes: ["data:read"], method: "api_key" as const };
  expect(await call(tool, { question: "CRQ-3001" }, reader)).toMatchObject({ success: true });
  expect(await call(tool, { question: "CRQ-3001", file: "csv" }, reader)).toMatchObject({
    success: false,
    error: { code: "PERMISSION_DENIED", details: { reason: "SCOPE" } },
  });
  expect(existsSync(services.exportDir)).toBe(false);
});
