import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { access, engine, request, signal } from "./testing/engine.ts";

let folder: string;
let path: string;
let shop: Engine;

async function write(sql: string): Promise<void> {
  const instance = await openSoon(() => DuckDBInstance.create(path));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** The engine lets go of the file a moment after its last use. */
async function openSoon<T>(open: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await open();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duckdb-engine-"));
  path = join(folder, "shop.duckdb");
  await write(`
    CREATE TYPE mood AS ENUM ('calm', 'busy');
    CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL UNIQUE, email VARCHAR, ssn VARCHAR, state mood DEFAULT 'calm');
    CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), amount DECIMAL(10, 2) CHECK (amount >= 0));
    CREATE INDEX by_amount ON orders (amount, person);
    CREATE TABLE secrets (k VARCHAR);
    CREATE VIEW totals AS SELECT person, sum(amount) AS total FROM orders GROUP BY 1;
    CREATE MACRO twice(x) AS x * 2;
    CREATE SCHEMA app;
    CREATE TABLE app.settings (k VARCHAR, v VARCHAR);
    COMMENT ON TABLE people IS 'Who buys.';
    COMMENT ON COLUMN people.name IS 'Full name.';
    INSERT INTO people SELECT range, 'p' || range, 'p' || range || '@x', 'secret' || range, 'calm' FROM range(20);
    INSERT INTO orders SELECT range, range % 20, range * 1.5 FROM range(2000);
    INSERT INTO secrets VALUES ('secret');
  `);
  shop = engine("duckdb", [path], { idleMs: 100 });
});

afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

test("the snapshot tells tables, keys, indexes, checks, enums and comments", async () => {
  const snapshot = await shop.snapshot({ signal: signal() });
  const find = (name: string) => snapshot.relations.find((relation) => relation.name === name);
  expect(snapshot.schemas.map((schema) => schema.name)).toEqual(["app", "main"]);
  expect(find("people")).toMatchObject({
    schema: "main",
    kind: "table",
    comment: "Who buys.",
    rowEstimate: 20,
    primaryKey: ["id"],
    columns: [
      { name: "id", type: "INTEGER", nullable: false },
      { name: "name", type: "VARCHAR", nullable: false, comment: "Full name." },
      { name: "email", nullable: true },
      { name: "ssn" },
      { name: "state", enumValues: ["calm", "busy"], default: "'calm'" },
    ],
  });
  expect(find("orders")?.checks).toEqual([
    { name: expect.any(String), expression: expect.stringContaining("amount") },
  ]);
  expect(find("orders")?.indexes).toContainEqual({
    name: "by_amount",
    columns: ["amount", "person"],
    unique: false,
  });
  expect(find("totals")).toMatchObject({ kind: "view", definition: expect.stringContaining("CREATE VIEW") });
  expect(snapshot.foreignKeys).toEqual([
    expect.objectContaining({
      table: "orders",
      columns: ["person"],
      referencedTable: "people",
      referencedColumns: ["id"],
    }),
  ]);
  expect(snapshot.userFunctions).toEqual(new Set(["main.twice"]));
  expect(snapshot.warnings).toEqual([]);
});

test("answers with rows, types, tables and an exact truncation flag", async () => {
  const result = await shop.query(request("SELECT id, amount FROM orders ORDER BY id", { maxRows: 2 }));
  expect(result).toEqual({
    columns: [
      { name: "id", type: "INTEGER" },
      { name: "amount", type: "DECIMAL(10,2)" },
    ],
    rows: [
      [0, 0],
      [1, 1.5],
    ],
    truncated: true,
    cuts: ["Stopped after 2 rows: the limit of rows."],
    sqlExecuted: "SELECT id, amount FROM orders ORDER BY id\nLIMIT 3",
    tables: ["main.orders"],
    ordered: true,
  });
  const exact = await shop.query(request("SELECT id FROM orders LIMIT 2", { maxRows: 2 }));
  expect(exact).toMatchObject({ truncated: false, cuts: [] });
});

test("an offset goes on where the page before ended", async () => {
  const sql = "SELECT id FROM orders ORDER BY id";
  const page = await shop.query(request(sql, { maxRows: 2, offset: 1_998 }));
  expect(page).toMatchObject({ rows: [[1_998], [1_999]], truncated: false });
  const own = await shop.query(request(`${sql} LIMIT 5`, { maxRows: 3, offset: 3 }));
  expect(own).toMatchObject({ rows: [[3], [4]], truncated: false });
});

test("masks by output name and refuses what is denied", async () => {
  const policy = { columns: { people: { deny: ["ssn"], mask: ["email"] } } };
  const shown = await shop.query(
    request("SELECT id, email AS Contact FROM people ORDER BY id", { maxRows: 1, access: access(policy) }),
  );
  expect(shown.columns[1]).toEqual({ name: "Contact", type: "VARCHAR", masked: true });
  expect(shown.rows).toEqual([[0, "***"]]);
  await expect(shop.query(request("SELECT * FROM people", { access: access(policy) }))).rejects.toMatchObject(
    {
      code: "VALIDATION_ERROR",
      details: { reason: "column_not_allowed" },
    },
  );
});

test("every entrance passes the gate", async () => {
  const closed = access({ excludeTables: ["secrets"] });
  const refused = { code: "VALIDATION_ERROR", details: { reason: "table_not_allowed" } };
  await expect(shop.query(request("FROM secrets", { access: closed }))).rejects.toMatchObject(refused);
  const explain = {
    sql: "FROM secrets",
    params: [],
    analyze: true,
    access: closed,
    timeoutMs: 5_000,
    signal: signal(),
  };
  await expect(shop.explain(explain)).rejects.toMatchObject(refused);
  await expect(
    shop.samples({ schema: "main", name: "secrets" }, ["k"], 3, closed, signal()),
  ).rejects.toMatchObject(refused);
  expect(await shop.check("FROM secrets", [], closed, signal())).toMatchObject({ ok: false });
  expect(await shop.check("FROM orders", [], closed, signal())).toMatchObject({ ok: true });
  expect(await shop.check("SELECT $1", [1], closed, signal())).toMatchObject({ ok: true, parameters: 1 });
});

test("other schemas by name, or bare along the allowed schemas", async () => {
  const both = access({ schemas: ["main", "app"] });
  expect(await shop.query(request("FROM settings", { access: both }))).toMatchObject({
    tables: ["app.settings"],
  });
  await expect(shop.query(request("FROM app.settings"))).rejects.toMatchObject({
    details: { reason: "schema_not_allowed" },
  });
});

test("parameters keep their types", async () => {
  const params = [1, 2.5, "x", true, null, [1, 2], ["a"], 9007199254740991, { a: 1 }];
  const result = await shop.query(request("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::JSON", { params }));
  expect(result.rows).toEqual([params]);
});

test("a plan names relations and estimates, and with analyze what was measured", async () => {
  const plan = {
    sql: "SELECT name, sum(amount) FROM orders JOIN people ON people.id = person GROUP BY 1",
    params: [],
  };
  const rest = { access: access(), timeoutMs: 5_000, signal: signal() };
  const planned = await shop.explain({ ...plan, ...rest, analyze: false });
  expect(planned.relations.toSorted()).toEqual(["main.orders", "main.people"]);
  expect(planned.estimatedRows).toBeGreaterThan(0);
  expect(planned.executionMs).toBeUndefined();
  const measured = await shop.explain({ ...plan, ...rest, analyze: true });
  expect(measured.executionMs).toBeGreaterThan(0);
  expect(JSON.stringify(measured.plan)).toContain('"actualRows":2000');
});

test("samples are few and distinct", async () => {
  const samples = await shop.samples(
    { schema: "main", name: "people" },
    ["name", "state"],
    3,
    access(),
    signal(),
  );
  expect(samples).toEqual({ name: ["p0", "p1", "p2"], state: ["calm"] });
  expect(await shop.samples({ schema: "main", name: "absent" }, ["a"], 3, access(), signal())).toEqual({});
});

test("the engine's errors keep their words, without the statement", async () => {
  await expect(shop.query(request("SELECT nam FROM people"))).rejects.toMatchObject({
    code: "QUERY_ERROR",
    message: expect.stringMatching(/"nam" not found.*\n?.*name/s),
  });
  await expect(shop.query(request("SELECT 'x'::INTEGER"))).rejects.toMatchObject({ code: "QUERY_ERROR" });
  await expect(shop.query(request("SELEC"))).rejects.toMatchObject({ details: { reason: "parse_error" } });
});

test("time runs out as QUERY_TIMEOUT", async () => {
  const slow = "SELECT count(*) FROM range(10000000000000) WHERE hash(range) = 1";
  await expect(shop.query(request(slow, { timeoutMs: 200 }))).rejects.toMatchObject({
    code: "QUERY_TIMEOUT",
  });
});

test("a table made after the catalog was read is found", { timeout: 30_000 }, async () => {
  await shop.snapshot({ signal: signal() });
  await write("CREATE TABLE IF NOT EXISTS later AS SELECT 7 AS a");
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  expect(await shop.query(request("FROM later"))).toMatchObject({ rows: [[7]] });
  const before = await shop.snapshot({ signal: signal() });
  expect((await shop.snapshot({ fresh: true, signal: signal() })).epoch).toBe(before.epoch);
});

test("a file replaced between check and run is judged again", { timeout: 30_000 }, async () => {
  await shop.query(request("SELECT 1"));
  await write("CREATE OR REPLACE TABLE later AS SELECT 8 AS a, 9 AS b");
  expect(await shop.query(request("FROM later"))).toMatchObject({ rows: [[8, 9]] });
});

test("ping answers, and fails for a file that is gone", { timeout: 30_000 }, async () => {
  await shop.ping(signal());
  const gone = engine("duckdb", [join(folder, "gone.duckdb")]);
  await expect(gone.ping(signal())).rejects.toMatchObject({ code: "CONNECTION_ERROR" });
  await gone.close();
  expect(await shop.privileges(signal())).toEqual([]);
});

test("the engine's native code is in the child, never in this process", async () => {
  const script = `
    const { engine, request } = await import(${JSON.stringify(new URL("./testing/engine.ts", import.meta.url).href)});
    const shop = engine("duckdb", [${JSON.stringify(path)}]);
    await shop.query(request("SELECT 1"));
    console.log(process.report.getReport().sharedObjects.filter((name) => /duckdb/.test(name)).length);
    await shop.close();`;
  const { execFileSync } = await import("node:child_process");
  const flags = ["--import", "tsx", "--conditions=@mcp-data/source", "--input-type=module", "-e", script];
  expect(execFileSync(process.execPath, flags, { encoding: "utf8" }).trim()).toBe("0");
});
