import { expect, test } from "vitest";
import { createReadOnlySession, prologue } from "./session.ts";

const settings = { schemas: ["app"], statementTimeoutMs: 1_000, lockTimeoutMs: 100, idleTimeoutMs: 5_000 };

test("every setting is local to a read-only transaction", () => {
  const [begin, ...rest] = prologue({ ...settings, role: "reader" });
  expect(begin).toBe("BEGIN TRANSACTION READ ONLY");
  for (const text of rest) expect(text).toMatch(/^SET LOCAL /);
  expect(rest.at(-1)).toBe('SET LOCAL ROLE "reader"');
});

test("names cannot leave their quotes, and the temporary schema is searched last", () => {
  const texts = prologue({ ...settings, schemas: ['a"; DROP TABLE t; --', "b"], role: 'x" RESET ROLE' });
  expect(texts).toContain('SET LOCAL search_path = "a""; DROP TABLE t; --", "b", pg_temp');
  expect(texts).toContain('SET LOCAL ROLE "x"" RESET ROLE"');
});

test("no number switches a timeout off", () => {
  expect(prologue({ ...settings, statementTimeoutMs: 0 })).toContain("SET LOCAL statement_timeout = 1");
  expect(prologue({ ...settings, lockTimeoutMs: -5 })).toContain("SET LOCAL lock_timeout = 1");
  expect(prologue({ ...settings, idleTimeoutMs: 1e12 })).toContain(
    "SET LOCAL idle_in_transaction_session_timeout = 2147483647",
  );
  expect(() => prologue({ ...settings, statementTimeoutMs: Number.NaN })).toThrow(RangeError);
});

test("the same settings are built once", () => {
  const session = createReadOnlySession();
  expect(session.begin(settings)).toBe(session.begin({ ...settings }));
  expect(session.begin(settings)).not.toBe(session.begin({ ...settings, schemas: ["b"] }));
});
