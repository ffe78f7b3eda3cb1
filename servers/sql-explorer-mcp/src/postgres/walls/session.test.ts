import { expect, test } from "vitest";
import { createReadOnlySession, prologue } from "./session.ts";

const timeouts = { lockTimeoutMs: 100, idleTimeoutMs: 5_000 };
const settings = { schemas: ["app"], statementTimeoutMs: 1_000 };
const { defaults } = createReadOnlySession(timeouts);

test("every setting is local to a read-only transaction", () => {
  const [begin, ...rest] = prologue({ ...settings, role: "reader" }, defaults);
  expect(begin).toBe("BEGIN TRANSACTION READ ONLY");
  for (const text of rest) expect(text).toMatch(/^SET LOCAL /);
  expect(rest).toContain("SET LOCAL lock_timeout = '100'");
  expect(rest.at(-1)).toBe('SET LOCAL ROLE "reader"');
});

test("a connection that has the defaults is only given what changes from call to call", () => {
  expect(prologue(settings, {})).toEqual([
    "BEGIN TRANSACTION READ ONLY",
    "SET LOCAL statement_timeout = 1000",
    'SET LOCAL search_path = "app", pg_temp',
  ]);
});

test("names cannot leave their quotes, and the temporary schema is searched last", () => {
  const texts = prologue({ ...settings, schemas: ['a"; DROP TABLE t; --', "b"], role: 'x" RESET ROLE' }, {});
  expect(texts).toContain('SET LOCAL search_path = "a""; DROP TABLE t; --", "b", pg_temp');
  expect(texts).toContain('SET LOCAL ROLE "x"" RESET ROLE"');
});

test("no number switches a timeout off", () => {
  expect(prologue({ ...settings, statementTimeoutMs: 0 }, {})).toContain("SET LOCAL statement_timeout = 1");
  expect(createReadOnlySession({ lockTimeoutMs: -5, idleTimeoutMs: 1e12 }).defaults).toMatchObject({
    lock_timeout: "1",
    idle_in_transaction_session_timeout: "2147483647",
  });
  expect(() => prologue({ ...settings, statementTimeoutMs: Number.NaN }, {})).toThrow(RangeError);
});

test("the same settings are built once", () => {
  const session = createReadOnlySession(timeouts);
  const first = session.begin(settings, false);
  expect(session.begin({ ...settings }, false)).toBe(first);
  expect(session.begin(settings, true)).not.toBe(first);
  expect(session.begin({ ...settings, schemas: ["b"] }, false)).not.toBe(first);
});
