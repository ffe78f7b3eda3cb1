import { appendFileSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import * as api from "@duckdb/node-api";
import { createLogger } from "@mcp-data/core";
import { expect, test } from "vitest";
import { demoFolder, tempFolder } from "../../test/support/recorded.ts";
import { createIdleParser } from "../store/idle-parser.ts";
import { openDatabase } from "../store/open.ts";
import { createEventFolder } from "./folder.ts";
import { type Committed, createIngester } from "./ingester.ts";

const logger = createLogger({ server: "test", level: "silent" });

function template(family: string, kind: string): Record<string, unknown> {
  const lines = readdirSync(demoFolder)
    .filter((name) => name.endsWith(`_${family}.jsonl`))
    .flatMap((name) => readFileSync(join(demoFolder, name), "utf8").split("\n"));
  return JSON.parse(lines.find((line) => line.includes(kind)) ?? "{}") as Record<string, unknown>;
}

const start = template("runtime", '"cell_execution_start"');
const operation = template("dataframe_lineage", '"event_type":"dataframe_lineage"');
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const cell = (n: number, more: object = {}) =>
  `${JSON.stringify({ ...start, event_id: id(n), run_id: id(n), ...more })}\n`;

async function opened(onCommit?: (committed: Committed) => void) {
  const folder = tempFolder();
  const { instance, connection } = await openDatabase(api, ":memory:");
  const parser = createIdleParser(api);
  const ingester = await createIngester({
    api,
    connection,
    folder: createEventFolder(folder),
    parser,
    logger,
    ...(onCommit === undefined ? {} : { onCommit }),
  });
  return {
    folder,
    connection,
    ingester,
    async [Symbol.asyncDispose]() {
      await ingester.settled();
      ingester.rest();
      await parser.close();
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function names(connection: DuckDBConnection): Promise<unknown[]> {
  const rows = await connection.runAndReadAll("SELECT cell_name FROM runtime_events ORDER BY run_id");
  return rows.getRows().map(([name]) => name);
}

test("texts with separating characters, among many rows, are stored as they are", async () => {
  await using it = await opened();
  const odd = ["a\u001fb", "\u001e", "", "\u001f\u001f", "plain", "é\u001eé"];
  const text = Array.from({ length: 60 }, (_, n) => cell(n, { cell_name: odd[n % odd.length] })).join("");
  appendFileSync(join(it.folder, "a_runtime.jsonl"), text);
  await it.ingester.drain();
  expect(await names(it.connection)).toEqual(Array.from({ length: 60 }, (_, n) => odd[n % odd.length]));
});

test("JSON the engine calls malformed is stored all the same, with its neighbours", async () => {
  await using it = await opened();
  const text = Array.from(
    { length: 50 },
    (_, n) =>
      `${JSON.stringify({ ...operation, event_id: id(n), params: { n } }).replace('"n":7}', '"n":"\\ud800"}')}\n`,
  ).join("");
  expect(text).toContain("\\ud800");
  appendFileSync(join(it.folder, "a_dataframe_lineage.jsonl"), text);
  await it.ingester.drain();
  expect(it.ingester.counts).toMatchObject({ events: 50, dead: 0, duplicates: 0 });
  const rows = await it.connection.runAndReadAll(
    "SELECT count(*)::INTEGER, count(*) FILTER (operation_parameters::VARCHAR LIKE '%ud800%')::INTEGER FROM dataframe_lineage_events",
  );
  expect(rows.getRows()).toEqual([[50, 1]]);
});

test("a short file of one writer does not wait for the long history of another", async () => {
  const commits: number[] = [];
  await using it = await opened(({ events }) => void commits.push(events));
  const long = Array.from({ length: 30_000 }, (_, n) => cell(n)).join("");
  appendFileSync(join(it.folder, "a_runtime.jsonl"), long);
  const all = it.ingester.drain();
  await expect.poll(() => commits.length, { timeout: 20_000 }).toBeGreaterThan(0);
  appendFileSync(join(it.folder, "b_runtime.jsonl"), cell(100_000));
  const before = it.ingester.counts.events;
  expect(before).toBeLessThan(30_000);
  await Promise.all([all, it.ingester.drain()]);
  const rows = await it.connection.runAndReadAll("SELECT rowid FROM cell_runs WHERE run_id = $1", [
    id(100_000),
  ]);
  expect(Number(rows.getRows()[0]?.[0])).toBeLessThan(30_000);
  expect(it.ingester.counts.events).toBe(30_001);
  expect(it.ingester.backlog()).toBe(0);
});

test("work that wants to be alone gets its turn in the middle of a long history", async () => {
  await using it = await opened();
  appendFileSync(
    join(it.folder, "a_runtime.jsonl"),
    Array.from({ length: 40_000 }, (_, n) => cell(n)).join(""),
  );
  const all = it.ingester.drain();
  let seen = -1;
  await it.ingester.alone(async () => {
    seen = it.ingester.counts.events;
    await it.connection.run("BEGIN; ROLLBACK");
  });
  expect(seen).toBeLessThan(40_000);
  await all;
  expect(it.ingester.counts.events).toBe(40_000);
});

test("asking again and again while files grow and shrink ends every time", async () => {
  await using it = await opened();
  const asked: Promise<void>[] = [];
  for (let n = 0; n < 200; n += 1) {
    const file = join(it.folder, `${"abc"[n % 3]}_runtime.jsonl`);
    if (n % 50 === 49) truncateSync(file, 0);
    appendFileSync(file, n % 7 === 0 ? cell(n).trimEnd() : cell(n));
    asked.push(it.ingester.drain());
    if (n % 20 === 0) await Promise.all(asked);
  }
  await Promise.all(asked);
  expect(it.ingester.counts.events).toBeGreaterThan(100);
});

test("an end replaces its start of an earlier batch, whatever time the start tells", async () => {
  await using it = await opened();
  const times = [
    "2026-11-20T12:00:00Z",
    "2026-11-20T12:00:00.000001Z",
    "1969-12-31T23:59:59.5Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
  ];
  const file = join(it.folder, "a_runtime.jsonl");
  for (const [n, timestamp] of times.entries()) appendFileSync(file, cell(n, { timestamp }));
  await it.ingester.drain();
  for (const [n, timestamp] of times.entries())
    appendFileSync(
      file,
      cell(n, { event_type: "cell_execution_end", event_id: id(100 + n), timestamp, duration_ms: 5 }),
    );
  await it.ingester.drain();
  const rows = await it.connection.runAndReadAll(
    "SELECT run_id, status FROM cell_runs ORDER BY run_id, status",
  );
  expect(rows.getRows()).toEqual(times.map((_, n) => [id(n), "completed"]));
});

test("what failed refuses from then on, and those who waited hear of it", async () => {
  await using it = await opened();
  await it.connection.run("DROP TABLE ingest_offsets");
  appendFileSync(join(it.folder, "a_runtime.jsonl"), cell(1));
  await expect(it.ingester.drain()).rejects.toThrow(/ingest_offsets/);
  await expect(it.ingester.drain()).rejects.toThrow(/ingest_offsets/);
  await expect(it.ingester.alone(async () => undefined)).rejects.toThrow(/ingest_offsets/);
  const rows = await it.connection.runAndReadAll("SELECT count(*)::INTEGER FROM runtime_events");
  expect(rows.getRows()).toEqual([[0]]);
});
