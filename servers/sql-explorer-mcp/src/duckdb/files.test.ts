import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { engine, request, signal } from "./testing/engine.ts";

let root: string;
let folder: string;
const engines: Engine[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "duckdb-files-"));
  folder = join(root, "exports");
  await mkdir(join(folder, "2024", "eu"), { recursive: true });
  await writeFile(join(root, "outside.csv"), "k\nSECRETMARK\n");
});

afterEach(async () => {
  await Promise.all(engines.splice(0).map((each) => each.close()));
  await rm(root, { recursive: true, force: true });
});

function open(...paths: string[]): Engine {
  const made = engine("files", paths.length === 0 ? [folder] : paths, { catalogTtlMs: 60_000 });
  engines.push(made);
  return made;
}

const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);

async function putParquet(name: string, select: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

test("reads every format, plain and packed", { timeout: 60_000 }, async () => {
  await put("a.csv", "id,day\n1,2024-02-29\n");
  await put("b.tsv", "id\tname\n1\tx\n");
  await put("c.json", '[{"a": 1, "b": {"c": [1]}}]');
  await put("d.ndjson", '{"a": 1}\n{"a": 2}\n');
  await put("e.jsonl", '{"a": 3}\n');
  await put("f.csv.gz", gzipSync("id\n7\n"));
  await put("g.ndjson.gz", gzipSync('{"a": 9}\n'));
  await putParquet("h.parquet", "SELECT 5 AS n, DATE '2024-01-01' AS d");
  await put("2024/eu/sales report.csv", "x\n1\n");
  await put("notes.txt", "not data");
  await put(".hidden.csv", "x\n1\n");
  const files = open();
  const snapshot = await files.snapshot({ signal: signal() });
  expect(snapshot.relations.map((relation) => relation.name).sort()).toEqual([
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "g",
    "h",
    "t_2024_eu_sales_report",
  ]);
  expect(snapshot.warnings).toEqual([]);
  expect(snapshot.relations.find((relation) => relation.name === "a")).toMatchObject({
    kind: "table",
    comment: "csv file a.csv",
    bytes: 20,
    columns: [{ type: "BIGINT" }, { type: "DATE" }],
  });
  const first = async (name: string) => (await files.query(request(`FROM ${name}`))).rows[0];
  expect(await first("a")).toEqual([1, "2024-02-29"]);
  expect(await first("b")).toEqual([1, "x"]);
  expect(await first("c")).toEqual([1, { c: [1] }]);
  expect((await files.query(request("SELECT sum(a) FROM d"))).rows).toEqual([[3]]);
  expect(await first("e")).toEqual([3]);
  expect(await first("f")).toEqual([7]);
  expect(await first("g")).toEqual([9]);
  expect(await first("h")).toEqual([5, "2024-01-01"]);
  expect(await first("t_2024_eu_sales_report")).toEqual([1]);
});

test("a file that cannot be read is a warning, the others are served", { timeout: 60_000 }, async () => {
  await put("good.csv", "a\n1\n");
  await put("bad.parquet", "this is no parquet file at all");
  await put("bad.json", "{broken");
  await put("odd[1].csv", "a\n1\n");
  const files = open();
  const snapshot = await files.snapshot({ signal: signal() });
  expect(snapshot.relations.map((relation) => relation.name)).toEqual(["good"]);
  expect(snapshot.warnings).toHaveLength(3);
  expect(snapshot.warnings.join("\n")).toMatch(/bad\.parquet/);
  expect(snapshot.warnings.join("\n")).toMatch(/odd\[1\]\.csv/);
  expect(snapshot.warnings.join("\n")).not.toContain(root);
  expect((await files.query(request("FROM good"))).rows).toEqual([[1]]);
});

test("an empty folder, and none at all", { timeout: 60_000 }, async () => {
  const empty = await open().snapshot({ signal: signal() });
  expect(empty.relations).toEqual([]);
  const absent = await open(join(root, "absent")).snapshot({ signal: signal() });
  expect(absent.warnings).toEqual(["absent: does not exist or cannot be reached."]);
});

test("single files beside folders", { timeout: 60_000 }, async () => {
  await put("a.csv", "x\n1\n");
  await writeFile(join(root, "extra.csv"), "x\n2\n");
  const files = open(folder, join(root, "extra.csv"));
  const names = (await files.snapshot({ signal: signal() })).relations.map((relation) => relation.name);
  expect(names).toEqual(["a", "extra"]);
});

test("nothing outside the listed files is reachable", { timeout: 60_000 }, async () => {
  await put("a.csv", "x\n1\n");
  await symlink(join(root, "outside.csv"), join(folder, "link.csv"));
  const files = open();
  const { warnings } = await files.snapshot({ signal: signal() });
  expect(warnings).toEqual(["link.csv: a link to somewhere outside the folder is not followed."]);
  for (const sql of [
    `FROM '${join(root, "outside.csv")}'`,
    `FROM read_csv('${join(root, "outside.csv")}')`,
    "FROM link",
    `COPY (SELECT 1) TO '${join(folder, "a.csv")}' (USE_TMP_FILE false)`,
  ]) {
    await expect(files.query(request(sql)), sql).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  }
  expect((await files.query(request("FROM a"))).rows).toEqual([[1]]);
});

test("files that come, change and go are noticed", { timeout: 60_000 }, async () => {
  await put("a.csv", "x\n1\n");
  const files = open();
  await files.snapshot({ signal: signal() });
  await put("b.csv", "y\n2\n");
  await put("a.csv", "x,z\n1,3\n");
  const grown = await files.snapshot({ fresh: true, signal: signal() });
  expect(grown.relations.map((relation) => [relation.name, relation.columns.length])).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
  expect((await files.query(request("FROM a"))).rows).toEqual([[1, 3]]);
  await put("a.csv", "q\n5\n");
  expect((await files.query(request("FROM a"))).rows).toEqual([[5]]);
  await unlink(join(folder, "b.csv"));
  await rename(join(folder, "a.csv"), join(folder, "c.csv"));
  const moved = await files.snapshot({ fresh: true, signal: signal() });
  expect(moved.relations.map((relation) => relation.name)).toEqual(["c"]);
  await expect(files.query(request("FROM b"))).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
});

test("names collide without losing a file", { timeout: 60_000 }, async () => {
  await put("a b.csv", "x\n1\n");
  await put("a-b.csv", "x\n2\n");
  await put("a_b.json", '[{"x": 3}]');
  await put("A_B.csv", "x\n4\n");
  const { relations } = await open().snapshot({ signal: signal() });
  expect(relations).toHaveLength(4);
  expect(new Set(relations.map((relation) => relation.name.toLowerCase())).size).toBe(4);
});
