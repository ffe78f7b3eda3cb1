import { execFile } from "node:child_process";
import { access, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createDuckdbProcess, type DuckdbProcess, type DuckdbProcessOptions } from "./process.ts";
import type { RunRequest } from "./protocol.ts";
import { createFixture, type Fixture } from "./testing/fixture.ts";
import { testWorker } from "./testing/worker.ts";

let fixture: Fixture;
const opened: DuckdbProcess[] = [];
const crashes: unknown[] = [];

beforeAll(async () => {
  fixture = await createFixture();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((process) => process.close()));
  crashes.length = 0;
});

afterAll(() => fixture.remove());

const bounds = { timeoutMs: 20_000 };
const hostile = { ...testWorker, url: new URL("./testing/hostile-worker.ts", import.meta.url) };

function start(changes: Partial<DuckdbProcessOptions> = {}): DuckdbProcess {
  const made = createDuckdbProcess({
    worker: testWorker,
    source: { kind: "file", path: fixture.db },
    caps: { memoryLimit: "256MB", threads: 1, maxTempSize: "64MB" },
    concurrency: 4,
    onCrash: (exit) => crashes.push(exit),
    ...changes,
  });
  opened.push(made);
  return made;
}

function request(sql: string, changes: Partial<RunRequest> = {}): RunRequest {
  return {
    sql,
    params: [],
    searchPath: ["main"],
    skip: 0,
    maxRows: 10,
    maxBytes: 100_000,
    maxCellChars: 200,
    ...changes,
  };
}

/** Runs for minutes, in little memory. */
const endless = "SELECT count(*) FROM range(10000000000000) WHERE hash(range) = 1";

async function isAlive(pid: number | undefined): Promise<boolean> {
  if (pid === undefined) return false;
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return state !== "" && !/\) Z /.test(state);
}

async function until(condition: () => Promise<boolean>, ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("it did not come to that");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("runs a statement with parameters and tells the columns", { timeout: 60_000 }, async () => {
  const duckdb = start();
  const result = await duckdb.run(
    request("SELECT id, amount, note FROM orders WHERE id >= $1 AND note <> $2 ORDER BY id", {
      params: [10, "note 11"],
    }),
    bounds,
  );
  expect(result.columns).toEqual([
    { name: "id", type: "INTEGER" },
    { name: "amount", type: "DECIMAL(10,2)" },
    { name: "note", type: "VARCHAR" },
  ]);
  expect(result.rows.slice(0, 2)).toEqual([
    [10, 12.5, "note 10"],
    [12, 15, "note 12"],
  ]);
  expect(result.truncated).toBe(true);
  expect(result.rows).toHaveLength(10);
});

test("pages are exact: skip, limit, one more looked for", { timeout: 60_000 }, async () => {
  const duckdb = start();
  const page = async (skip: number, maxRows: number) =>
    duckdb.run(request("SELECT id FROM orders ORDER BY id", { skip, maxRows }), bounds);
  expect(await page(0, 1_000)).toMatchObject({ truncated: false });
  expect(await page(0, 999)).toMatchObject({ truncated: true });
  expect((await page(998, 5)).rows).toEqual([[998], [999]]);
  expect(await page(1_000, 5)).toMatchObject({ rows: [], truncated: false });
  const few = await duckdb.run(request("SELECT note FROM orders", { maxRows: 1_000, maxBytes: 500 }), bounds);
  expect(few).toMatchObject({ truncated: true, stoppedAtBytes: true });
  expect(few.rows.length).toBeGreaterThan(10);
  await expect(
    duckdb.run(request("SELECT repeat('x', 150) AS a", { maxBytes: 100 }), bounds),
  ).rejects.toMatchObject({ code: "RESULT_TOO_LARGE" });
});

test("a statement over its time is interrupted, and the child lives on", { timeout: 60_000 }, async () => {
  const duckdb = start();
  await duckdb.open(bounds);
  const { pid } = duckdb;
  const started = Date.now();
  await expect(duckdb.run(request(endless), { timeoutMs: 300 })).rejects.toMatchObject({
    code: "QUERY_TIMEOUT",
  });
  expect(Date.now() - started).toBeLessThan(6_000);
  expect(await duckdb.run(request("SELECT 1 AS a"), bounds)).toMatchObject({ rows: [[1]] });
  expect(duckdb.pid).toBe(pid);
});

test("a cancelled call stops its statement", { timeout: 60_000 }, async () => {
  const duckdb = start();
  await duckdb.open(bounds);
  const controller = new AbortController();
  const running = duckdb.run(request(endless), { ...bounds, signal: controller.signal });
  setTimeout(() => controller.abort(), 100);
  await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
  await expect(
    duckdb.run(request("SELECT 1"), { ...bounds, signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: "CANCELLED" });
});

test("a child that does not react is killed, and another caller's read runs again", {
  timeout: 60_000,
}, async () => {
  const duckdb = start({ worker: hostile });
  await duckdb.open(bounds);
  const { pid } = duckdb;
  const slow = duckdb.run(
    request("SELECT count(*) AS n FROM range(30000000) a WHERE a.range % 3 = 1"),
    bounds,
  );
  const hung = duckdb.parse("hang", AbortSignal.timeout(400));
  await expect(hung).rejects.toMatchObject({ code: "CANCELLED" });
  expect((await slow).rows).toEqual([[10_000_000]]);
  expect(duckdb.pid).not.toBe(pid);
  await until(async () => !(await isAlive(pid)));
  expect(crashes).toEqual([]);
});

test("a crash costs the guilty call, the innocent read runs once more", { timeout: 60_000 }, async () => {
  const duckdb = start({ worker: hostile });
  await duckdb.open(bounds);
  const slow = duckdb.run(
    request("SELECT count(*) AS n FROM range(30000000) a WHERE a.range % 3 = 1"),
    bounds,
  );
  const guilty = duckdb.parse("exit");
  await expect(guilty).rejects.toMatchObject({ code: "CONNECTION_ERROR" });
  expect((await slow).rows).toEqual([[10_000_000]]);
  expect(await duckdb.run(request("SELECT 2"), bounds)).toMatchObject({ rows: [[2]] });
  // Once in company, once alone.
  expect(crashes).toEqual([
    { code: 7, signal: null },
    { code: 7, signal: null },
  ]);
});

test("several callers in flight over a kill from outside all get the right answer", {
  timeout: 60_000,
}, async () => {
  const duckdb = start();
  await duckdb.open(bounds);
  const { pid } = duckdb;
  const reads = [3, 5, 7].map((n) =>
    duckdb.run(request(`SELECT count(*) AS n FROM range(20000000) a WHERE a.range % ${n} = 1`), bounds),
  );
  setTimeout(() => process.kill(pid ?? 0, "SIGKILL"), 100);
  expect((await Promise.all(reads)).map((result) => result.rows)).toEqual([
    [[6_666_667]],
    [[4_000_000]],
    [[2_857_143]],
  ]);
});

test("an abort inside the engine is said to be the statement's, not the server's", {
  timeout: 60_000,
}, async () => {
  const duckdb = start({ worker: hostile });
  await duckdb.open(bounds);
  await expect(duckdb.parse("crash")).rejects.toMatchObject({ code: "RESULT_TOO_LARGE" });
  expect(await duckdb.parse("SELECT 1")).toMatchObject({ ok: true, statements: 1 });
});

test("too much memory is an answer, and the next caller is served", { timeout: 120_000 }, async () => {
  const duckdb = start();
  for (const sql of [
    "SELECT list(range) FROM range(60000000)",
    "SELECT count(*) FROM (SELECT DISTINCT range, repeat('x', 50) || range FROM range(40000000))",
    "SELECT string_agg(range::VARCHAR, repeat('y', 100)) FROM range(20000000)",
  ]) {
    await expect(duckdb.run(request(sql), bounds), sql).rejects.toMatchObject({
      code: expect.stringMatching(/RESULT_TOO_LARGE|QUERY_TIMEOUT/),
    });
    expect(await duckdb.run(request("SELECT 1"), bounds)).toMatchObject({ rows: [[1]] });
  }
});

test("a long value is shortened, however long", { timeout: 60_000 }, async () => {
  const duckdb = start({ caps: { memoryLimit: "512MB", threads: 1, maxTempSize: "64MB" } });
  const result = await duckdb.run(
    request("SELECT repeat('x', 30000000) AS a, list(range) AS b FROM range(100000)"),
    bounds,
  );
  expect(String(result.rows[0]?.[0])).toHaveLength(200);
  expect(String(result.rows[0]?.[1]).length).toBeLessThanOrEqual(200);
  expect(result.cutCells).toEqual([1, 1]);
});

test("no more statements at once than places, and the rest wait", { timeout: 60_000 }, async () => {
  const duckdb = start({ concurrency: 1 });
  await duckdb.open(bounds);
  const first = duckdb.run(request(endless), { timeoutMs: 500 });
  const second = duckdb.run(request("SELECT 1"), bounds);
  await expect(first).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
  expect(await second).toMatchObject({ rows: [[1]] });
});

test("many callers at once, one answer each", { timeout: 60_000 }, async () => {
  const duckdb = start();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      duckdb.run(request("SELECT $1::INTEGER * 2 AS n", { params: [n] }), bounds),
    ),
  );
  expect(answers.map((answer) => answer.rows[0]?.[0])).toEqual(Array.from({ length: 60 }, (_, n) => n * 2));
});

test("a file that is not there or is no database fails with a clear code and without its path", {
  timeout: 60_000,
}, async () => {
  for (const path of [`${fixture.root}/absent.duckdb`, `${fixture.folder}/sales.csv`]) {
    const duckdb = start({ source: { kind: "file", path } });
    const failure = await duckdb.run(request("SELECT 1"), bounds).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: expect.stringMatching(/CONNECTION_ERROR|QUERY_ERROR/) });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(fixture.root);
  }
});

test("a worker that cannot start is a failure of the call", { timeout: 60_000 }, async () => {
  const duckdb = start({ worker: { url: new URL("./testing/absent.ts", import.meta.url) } });
  await expect(duckdb.run(request("SELECT 1"), bounds)).rejects.toMatchObject({ code: "CONNECTION_ERROR" });
});

test("a file let go of can be written by others, and the newer one is noticed", {
  timeout: 60_000,
}, async () => {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const duckdb = start({ idleMs: 50 });
  const before = await duckdb.catalog(bounds);
  const writer = await openSoon(() => DuckDBInstance.create(fixture.db));
  const connection = await writer.connect();
  await connection.run("CREATE OR REPLACE TABLE fresh AS SELECT 42 AS a; CHECKPOINT");
  await expect(duckdb.run(request("SELECT 1"), bounds)).rejects.toMatchObject({ code: "CONNECTION_ERROR" });
  connection.closeSync();
  writer.closeSync();
  const stale = duckdb.run(request("SELECT 1", { generation: before.generation }), bounds);
  await expect(stale).rejects.toMatchObject({ code: "CONFLICT", details: { reason: "stale" } });
  const after = await duckdb.catalog(bounds);
  expect(after.generation).toBeGreaterThan(before.generation);
  expect(after.relations.map((relation) => relation.name)).toContain("fresh");
  expect(await duckdb.run(request("FROM fresh", { generation: after.generation }), bounds)).toMatchObject({
    rows: [[42]],
  });
});

test("the file is let go of after cut, interrupted and failed statements too", {
  timeout: 60_000,
}, async () => {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const duckdb = start({ idleMs: 50 });
  for (let round = 0; round < 5; round++) {
    await duckdb.run(request("SELECT a.id FROM orders a, orders b", { maxRows: 2 }), bounds);
    await duckdb.run(request(endless), { timeoutMs: 50 }).catch(() => undefined);
    await duckdb.run(request("SELECT note::INTEGER FROM orders"), bounds).catch(() => undefined);
    await duckdb.explain(request("SELECT count(*) FROM orders"), true, bounds);
    await duckdb.catalog(bounds);
    const writer = await openSoon(() => DuckDBInstance.create(fixture.db));
    writer.closeSync();
  }
});

async function openSoon<T>(open: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await open();
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

test("nothing is left behind: no child, no spill folder", { timeout: 60_000 }, async () => {
  const spills = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("duckdb-spill-"));
  const before = await spills();
  const duckdb = start();
  await duckdb.run(request("SELECT 1"), bounds);
  const { pid } = duckdb;
  expect(await isAlive(pid)).toBe(true);
  await duckdb.close();
  expect(await isAlive(pid)).toBe(false);
  expect((await spills()).filter((name) => !before.includes(name))).toEqual([]);
  await expect(duckdb.run(request("SELECT 1"), bounds)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("an engine outlives neither a parent that exits nor one that is killed while it works", {
  timeout: 60_000,
}, async () => {
  await access("/proc/self/stat");
  for (const end of ["process.exit(0)", "process.kill(process.pid, 'SIGKILL')"]) {
    const script = `
      const { createDuckdbProcess } = await import(${JSON.stringify(new URL("./process.ts", import.meta.url).href)});
      const { testWorker } = await import(${JSON.stringify(new URL("./testing/worker.ts", import.meta.url).href)});
      const duckdb = createDuckdbProcess({ worker: testWorker, source: { kind: "file", path: ${JSON.stringify(fixture.db)} },
        caps: { memoryLimit: "256MB", threads: 1, maxTempSize: "64MB" }, concurrency: 2 });
      await duckdb.open({ timeoutMs: 20000 });
      duckdb.run(${JSON.stringify(request(endless))}, { timeoutMs: 60000 }).catch(() => {});
      console.log(duckdb.pid);
      setTimeout(() => ${end}, 300);`;
    const node = promisify(execFile);
    const flags = [...(testWorker.execArgv ?? []), "--input-type=module", "-e", script];
    const { stdout } = await node(process.execPath, flags).catch((error: { stdout: string }) => error);
    const pid = Number(stdout.trim());
    expect(pid).toBeGreaterThan(1);
    await until(async () => !(await isAlive(pid)), 10_000);
  }
});
