import { afterAll, beforeAll, expect, test } from "vitest";
import { createFixture, type Fixture, policy } from "./testing/fixture.ts";
import { type TestGate, testGate } from "./testing/gate.ts";
import { type OpenInstance, openInstance } from "./testing/open-instance.ts";

let fixture: Fixture;
let open: OpenInstance;
let gate: TestGate;

beforeAll(async () => {
  fixture = await createFixture();
  open = await openInstance(fixture);
  gate = await testGate(open);
  await gate.gate.check("SELECT 1", { policy, catalog: gate.catalog });
});

afterAll(async () => {
  gate.close();
  open.close();
  await fixture.remove();
});

const size = 65_000;
/** `open` and `close` around `core`, as often as 64 KB allow. */
function nested(opening: string, core: string, closing: string, lead = "SELECT "): string {
  const times = Math.floor((size - lead.length - core.length) / (opening.length + closing.length));
  return lead + opening.repeat(times) + core + closing.repeat(times);
}

const hostile: Readonly<Record<string, string>> = {
  parentheses: nested("(", "1", ")"),
  lists: nested("[", "1", "]"),
  structs: nested("{'a':", "1", "}"),
  calls: nested("abs(", "1", ")"),
  nots: nested("NOT ", "true", ""),
  minuses: nested("- ", "1", ""),
  casts: nested("", "1", "::INT"),
  subscripts: nested("", "x", "[1]"),
  additions: nested("", "1", "+1"),
  concatenations: nested("", "'a'", "||'a'"),
  cases: nested("CASE WHEN true THEN ", "1", " END"),
  "scalar subqueries": nested("(SELECT ", "1", ")"),
  "from subqueries": nested("(SELECT * FROM ", "orders", ")", "SELECT * FROM "),
  "from parentheses": nested("(", "orders", ")", "SELECT * FROM "),
  joins: nested("", "orders", " JOIN orders USING (id)", "SELECT 1 FROM "),
  ctes: nested("a AS (WITH ", "b AS (SELECT 1) SELECT 1", ") SELECT 1", "WITH "),
  lambdas: nested("x -> ", "1", "", "SELECT list_transform([1], "),
  types: nested("STRUCT(a ", "INT", ")", "SELECT NULL::"),
  arrays: nested("", "INT", "[]", "SELECT NULL::"),
  "open parentheses": "(".repeat(size),
  "open comments": "/*".repeat(size / 2),
  "nested comments": `SELECT 1 ${"/*".repeat(16_000)}${"*/".repeat(16_000)}`,
  "open quotes": "'".repeat(size),
  semicolons: ";".repeat(size),
  dots: nested("", "x", ".a"),
  "string of openers": `SELECT '${"(".repeat(size)}'`,
  collations: nested("", "'a'", " COLLATE NOCASE"),
  "between chain": nested("", "1", " BETWEEN 1 AND 1"),
};

/** Processor time of this process, in ms: the parser works on a thread of it, and other processes do not count. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

test("64 KB of hostile nesting take 50 ms of processor time, most of them far less", {
  timeout: 60_000,
}, async () => {
  const times: number[] = [];
  for (const [name, sql] of Object.entries(hostile)) {
    const before = used();
    const verdict = await gate.gate.check(sql, { policy, catalog: gate.catalog });
    const ms = used() - before;
    times.push(ms);
    if (!verdict.ok) expect(verdict.message.length, name).toBeLessThan(700);
    // Collecting garbage counts here too; the benchmark holds the figure itself.
    expect(ms, name).toBeLessThan(500);
  }
  times.sort((a, b) => a - b);
  expect(times[Math.floor(times.length / 2)]).toBeLessThan(50);
});

test("wide texts are judged in time that grows with their size", { timeout: 60_000 }, async () => {
  const wide = [
    `SELECT id FROM orders WHERE id IN (${Array.from({ length: 10_000 }, (_, n) => n).join(",")})`,
    `SELECT ${Array.from({ length: 10_000 }, () => "id").join(",")} FROM orders`,
    `SELECT 1${" UNION ALL SELECT 1".repeat(3_000)}`,
    `SELECT 1 WHERE ${"id = 1 OR ".repeat(4_000)}true`,
    `WITH ${Array.from({ length: 2_500 }, (_, n) => `c${n} AS (SELECT ${n})`).join(",")} SELECT 1`,
  ];
  for (const sql of wide) {
    const started = performance.now();
    await gate.gate.check(sql, { policy, catalog: gate.catalog });
    expect(performance.now() - started, sql.slice(0, 40)).toBeLessThan(3_000);
  }
});

test("views and macros that multiply end as too large", { timeout: 60_000 }, async () => {
  const levels = 30;
  const bodies = new Map<string, string>();
  for (let level = 0; level < levels; level++) bodies.set(`m${level}`, `m${level + 1}() + m${level + 1}()`);
  bodies.set(`m${levels}`, "1");
  const catalog = {
    ...gate.catalog,
    macros: (name: string) =>
      bodies.has(name) ? [{ schema: "main", kind: "scalar" as const, body: bodies.get(name) ?? "" }] : [],
  };
  const verdict = await gate.gate.check("SELECT m0()", { policy, catalog });
  expect(verdict).toMatchObject({ ok: false, reason: "too_large" });
});

test("a macro that calls itself is refused", async () => {
  const catalog = {
    ...gate.catalog,
    macros: (name: string) =>
      name === "again" ? [{ schema: "main", kind: "scalar" as const, body: "again()" }] : [],
  };
  const verdict = await gate.gate.check("SELECT again()", { policy, catalog });
  expect(verdict).toMatchObject({ ok: false, reason: "too_large" });
});

test("too long, by bytes and not by characters", async () => {
  const context = { policy: { ...policy, maxSqlBytes: 100 }, catalog: gate.catalog };
  expect(await gate.gate.check(`SELECT '${"é".repeat(50)}'`, context)).toMatchObject({ reason: "too_large" });
  expect(await gate.gate.check(`SELECT '${"e".repeat(50)}'`, context)).toMatchObject({ ok: true });
});
