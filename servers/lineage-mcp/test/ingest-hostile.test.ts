import {
  appendFileSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoFolder, openRecorded, tempFolder } from "./support/recorded.ts";

const demoEvents = 174;
const runtime =
  readdirSync(demoFolder).find((name) => name.endsWith("_runtime.jsonl") && !name.includes("dataframe")) ??
  "";
const lines = readFileSync(join(demoFolder, runtime), "utf8").split("\n").filter(Boolean);
const start = JSON.parse(lines.find((line) => line.includes('"cell_execution_start"')) ?? "{}") as {
  event_id: string;
  run_id: string;
};
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const cell = (n: number, more: object = {}) =>
  `${JSON.stringify({ ...start, event_id: id(n), run_id: id(n), ...more })}\n`;

/** A database with everything of the demo in it, closed. */
async function filledHome(): Promise<string> {
  const root = tempFolder();
  await using recorded = openRecorded(demoFolder, root, true);
  await recorded.services.memory.fresh();
  return root;
}

const damages: readonly (readonly [string, (file: string) => void])[] = [
  ["cut in half", (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ["empty", (file) => truncateSync(file, 0)],
  [
    "with other bytes in its head",
    (file) => void writeSync(openSync(file, "r+"), Buffer.alloc(4_096, 0xa5), 0, 4_096, 4_096),
  ],
  [
    "with other bytes in its middle",
    (file) => {
      const size = statSync(file).size;
      writeSync(openSync(file, "r+"), Buffer.alloc(size - 20_000, 0x5a), 0, size - 20_000, 16_384);
    },
  ],
  ["with a log that is none", (file) => writeFileSync(`${file}.wal`, "no log\n".repeat(5_000))],
  ["of which there is a folder", (file) => mkdirSync(`${file}.wal`)],
];

test.each(damages)("a database %s is rebuilt, and tools answer", async (_, damage) => {
  const root = await filledHome();
  damage(join(root, "database", "lineage.duckdb"));
  await using recorded = openRecorded(null, root);
  await recorded.services.memory.fresh();
  expect(await recorded.services.memory.status()).toMatchObject({
    events: demoEvents,
    dead_letters: 0,
    tailer: "running",
  });
  expect((await recorded.ask<{ total: number }>("get_cell_runs", { limit: 500 })).total).toBe(18);
  expect((await recorded.ask<{ total: number }>("list_sessions")).total).toBeGreaterThan(0);
});

test("a database whose damage shows only where it is read is rebuilt while tools are asked", async () => {
  const root = await filledHome();
  const database = join(root, "database", "lineage.duckdb");
  const whole = readFileSync(database);
  let found = 0;
  for (let at = 143_360; at < whole.length - 20_000; at += 90_112) {
    writeFileSync(database, whole);
    writeSync(openSync(database, "r+"), Buffer.alloc(3_000, 0x5a), 0, 3_000, at);
    await using recorded = openRecorded(null, root, true);
    for (const table of [
      "runtime_events",
      "cell_runs",
      "ol_events",
      "dataframe_lineage_events",
      "column_edges",
    ])
      await recorded.ask("query_memories", { sql_query: `SELECT max(x::VARCHAR) FROM ${table} x` });
    expect(await recorded.services.memory.status()).toMatchObject({ events: demoEvents, dead_letters: 0 });
    const aside = readdirSync(join(root, "database")).filter((name) => name.includes("damaged"));
    found += aside.length > found ? 1 : 0;
  }
  expect(found).toBeGreaterThan(1);
});

test("thousands of short sessions are read, and what one of them adds is found", {
  timeout: 120_000,
}, async () => {
  const root = tempFolder();
  mkdirSync(join(root, "events"), { recursive: true });
  const sessions = 3_000;
  for (let n = 0; n < sessions; n += 1)
    writeFileSync(join(root, "events", `22b09828_${n}_${String(n).padStart(8, "0")}_runtime.jsonl`), cell(n));
  await using recorded = openRecorded(null, root);
  const { memory } = recorded.services;
  await expect.poll(async () => (await memory.status()).events, { timeout: 100_000 }).toBe(sessions);
  appendFileSync(join(root, "events", "22b09828_7_00000007_runtime.jsonl"), cell(sessions));
  await expect.poll(async () => (await memory.status()).events, { timeout: 30_000 }).toBe(sessions + 1);
  expect(await memory.status()).toMatchObject({ duplicates: 0, dead_letters: 0, files: sessions });
});

test("a line of 50 MB and bytes that are no text become dead letters with their places", async () => {
  await using recorded = openRecorded(null);
  const file = join(recorded.home.events, "x_runtime.jsonl");
  writeFileSync(file, cell(1));
  const long = statSync(file).size;
  appendFileSync(file, `${"x".repeat(50 * 1024 * 1024)}\n`);
  const broken = statSync(file).size;
  appendFileSync(file, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x0a]));
  appendFileSync(
    file,
    Buffer.concat([Buffer.from(cell(2, { cell_name: "MARK" }))])
      .toString("latin1")
      .replace("MARK", "\xff\xfe"),
    "latin1",
  );
  appendFileSync(file, cell(3));
  const { memory } = recorded.services;
  await expect.poll(async () => (await memory.status()).events, { timeout: 30_000 }).toBe(3);
  const dead = await memory.rows(
    "SELECT byte_offset, line_no, reason FROM dead_letters ORDER BY byte_offset",
  );
  expect(dead).toEqual([
    { byte_offset: long, line_no: 2, reason: "the line is too long" },
    { byte_offset: broken, line_no: 3, reason: "the line is not JSON" },
  ]);
  const [named] = await memory.rows("SELECT cell_name FROM cell_runs WHERE run_id = $1", [id(2)]);
  expect(named?.cell_name).toBe("\ufffd\ufffd");
});

test("a file that is copied over, moved away and put back is read once", async () => {
  await using recorded = openRecorded();
  const { memory } = recorded.services;
  await memory.fresh();
  for (const name of readdirSync(recorded.home.events)) {
    const file = join(recorded.home.events, name);
    cpSync(file, `${file}.kept`);
    cpSync(file, file.replace(".jsonl", ".7.jsonl"));
    await memory.fresh();
    cpSync(`${file}.kept`, file);
  }
  await memory.fresh();
  expect(await memory.status()).toMatchObject({ events: demoEvents, dead_letters: 0, tailer: "running" });
});
