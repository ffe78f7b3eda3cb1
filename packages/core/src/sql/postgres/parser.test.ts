import { setImmediate } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { createPostgresParser, type PostgresParser } from "./parser.ts";

let parser: PostgresParser;

beforeAll(async () => {
  parser = await createPostgresParser();
});

test("statements come with their place in bytes", () => {
  expect(parser.parse("SELECT 'é'; SELECT 2")).toMatchObject({
    ok: true,
    statements: [
      { offset: 0, length: 11 },
      { offset: 13, length: 0 },
    ],
  });
  expect(parser.parse("")).toEqual({ ok: true, statements: [] });
});

test("a syntax error tells where", () => {
  expect(parser.parse("SELECT * FROM WHERE")).toEqual({
    ok: false,
    message: 'syntax error at or near "WHERE"',
    position: 15,
  });
});

const chain = (length: number) => `SELECT 1${"::int".repeat(length)}`;

test("statements too deep for the stack are refused, and the parser outlives any number of them", async () => {
  const good = "SELECT a FROM t JOIN u USING (id) WHERE b = ANY ($1)";
  const before = parser.parse(good);
  expect(before.ok).toBe(true);
  for (let round = 0; round < 120; round++) {
    expect(parser.parse(chain(13_000 - round))).toEqual({
      ok: false,
      message: "the statement is nested too deeply",
    });
    expect(parser.parse(good)).toEqual(before);
    await setImmediate();
  }
  // Replaced instances take long statements again.
  for (let tick = 0; tick < 20; tick++) await setImmediate();
  expect(parser.parse(`SELECT ${"1,".repeat(10_000)}1`).ok).toBe(true);
});

test("while no replacement is ready, ordinary statements still parse", async () => {
  const fresh = await createPostgresParser();
  for (let round = 0; round < 50; round++) expect(fresh.parse(chain(13_000)).ok).toBe(false);
  expect(fresh.parse("SELECT 1").ok).toBe(true);
});

test("memory does not grow with failures", async () => {
  for (let round = 0; round < 200; round++) parser.parse(`SELECT FROM FROM ${round}`);
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 20_000; round++) parser.parse(`SELECT FROM FROM ${round}`);
  for (let round = 0; round < 40; round++) {
    parser.parse(chain(13_000));
    await setImmediate();
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
});
