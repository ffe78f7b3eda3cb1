import { isToolError } from "@mcp-data/core";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import { access, request } from "../testing/access.ts";
import { postgresSuite } from "../testing/suite.ts";
import { openGate, readOnlySession } from "../testing/walls.ts";
import { createReadOnlySession } from "../walls/session.ts";
import { codeOf, statementError } from "./statement-error.ts";

const suite = postgresSuite(`
  CREATE TABLE orders (id int PRIMARY KEY, total numeric, note text);
  CREATE TABLE forbidden (id int);
  CREATE FUNCTION raise_state(state text) RETURNS int LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'secret of /var/lib/host-7 for alice' USING ERRCODE = state; END $$;
`);

const walls = { gate: openGate, session: readOnlySession() };
let engine: Engine;
let reader: Engine;
beforeAll(async () => {
  engine = suite.engine({}, walls);
  const login = await suite.database.login("reader");
  await suite.database.run(`GRANT SELECT ON orders TO ${login}`);
  reader = suite.engine({}, walls, login);
});

const sessionOnly = access({}, { planCheck: false });

async function failure(sql: string, by: Engine = engine, extra: Parameters<typeof request>[1] = {}) {
  const error: unknown = await by.query(request(sql, extra)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isToolError(error)) throw new Error(`no ToolError: ${String(error)}`);
  const { code, message, hint, details, retryAfterMs } = error;
  return { code, message, hint, details, retryAfterMs };
}

describe("the server's own errors", () => {
  test.each([
    ["SELECT nothing FROM orders", "42703", 8],
    ["SELECT 1 FROM missing", "42P01", 15],
    ["SELECT 1 WHERE", "42601", 15],
    ["SELECT no_such(1)", "42883", 8],
    ["SELECT total FROM orders GROUP BY note", "42803", 8],
    ["SELECT 'ä', ☃ FROM orders", "42703", 13],
    ["SELECT 1/0 FROM generate_series(1, 2) WHERE random() > -1", "22012", undefined],
    ["SELECT 'x'::int", "22P02", 8],
    ["SELECT (SELECT n FROM generate_series(1, 2) n) FROM generate_series(1, 2)", "21000", undefined],
  ])("%s is QUERY_ERROR %s at %s", async (sql, sqlstate, position) => {
    const { code, details } = await failure(sql);
    expect({ code, details }).toMatchObject({ code: "QUERY_ERROR", details: { sqlstate } });
    expect(details?.["position"]).toBe(position);
  });

  test("the place is the same whether or not the plan is checked first", async () => {
    const checked = await failure("SELECT id, nothing FROM orders");
    const unchecked = await failure("SELECT id, nothing FROM orders", engine, { access: sessionOnly });
    expect(checked.details).toEqual(unchecked.details);
  });

  test("the server's hint is kept", async () => {
    expect((await failure("SELECT orders.totals FROM orders")).hint).toContain('"orders.total"');
  });

  test("a login without the right is told so, without the relation's owner or name", async () => {
    expect(await failure("SELECT * FROM forbidden", reader)).toMatchObject({
      code: "PERMISSION_DENIED",
      message: "The database login may not read one of the relations or columns.",
      details: { sqlstate: "42501" },
    });
  });

  test("writing is VALIDATION_ERROR", async () => {
    expect(await failure("DELETE FROM orders", engine, { access: sessionOnly })).toMatchObject({
      code: "VALIDATION_ERROR",
      details: { reason: "forbidden_statement", sqlstate: "25006" },
    });
  });

  test("the time limit is QUERY_TIMEOUT with the limit", async () => {
    const started = performance.now();
    expect(await failure("SELECT pg_sleep(30)", engine, { timeoutMs: 200 })).toMatchObject({
      code: "QUERY_TIMEOUT",
      details: { reason: "statement_timeout", timeout_ms: 200 },
    });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("a lock held by another session is QUERY_TIMEOUT after the lock timeout", async () => {
    const session = createReadOnlySession({ lockTimeoutMs: 100, idleTimeoutMs: 10_000 });
    const impatient = suite.engine({}, { gate: openGate, session });
    await impatient.snapshot({ signal: new AbortController().signal });
    const holder = new pg.Client(suite.database.url());
    await holder.connect();
    await holder.query("BEGIN; LOCK TABLE orders");
    expect(await failure("SELECT * FROM orders", impatient)).toMatchObject({
      code: "QUERY_TIMEOUT",
      details: { reason: "lock_timeout", sqlstate: "55P03" },
    });
    await holder.end();
  });

  test("an operator's cancel is CANCELLED", async () => {
    const running = failure("SELECT pg_sleep(20) /* to be stopped */");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await suite.database.run(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%to be stopped%' AND pid <> pg_backend_pid()",
    );
    expect(await running).toMatchObject({ code: "CANCELLED", details: { sqlstate: "57014" } });
  });

  test("an operator's disconnect is CONNECTION_ERROR, and the next call works", async () => {
    const running = failure("SELECT pg_sleep(20) /* to be ended */");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await suite.database.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%to be ended%' AND pid <> pg_backend_pid()",
    );
    expect(await running).toMatchObject({ code: "CONNECTION_ERROR", retryAfterMs: 1_000 });
    expect((await engine.query(request("SELECT 1"))).rows).toEqual([[1]]);
  });
});

describe("the mapping of classes", () => {
  test.each([
    ["08006", "CONNECTION_ERROR"],
    ["28P01", "CONNECTION_ERROR"],
    ["3D000", "CONNECTION_ERROR"],
    ["53300", "CONNECTION_ERROR"],
    ["57P01", "CONNECTION_ERROR"],
    ["57P03", "CONNECTION_ERROR"],
    ["58030", "CONNECTION_ERROR"],
    ["25P03", "CONNECTION_ERROR"],
    ["40001", "UNAVAILABLE"],
    ["40P01", "UNAVAILABLE"],
    ["42501", "PERMISSION_DENIED"],
    ["25006", "VALIDATION_ERROR"],
    ["22023", "QUERY_ERROR"],
    ["0A000", "QUERY_ERROR"],
    ["P0001", "QUERY_ERROR"],
    ["XX000", "QUERY_ERROR"],
  ])("%s raised by the server is %s", async (sqlstate, code) => {
    const result = await failure(`SELECT raise_state('${sqlstate}')`, engine, { access: sessionOnly });
    expect(result.code).toBe(code);
    const quiet =
      ["CONNECTION_ERROR", "PERMISSION_DENIED", "UNAVAILABLE"].includes(code) || sqlstate === "XX000";
    if (quiet) expect(JSON.stringify(result)).not.toMatch(/secret|host-7|alice|raise_state/);
  });

  test("an unknown class is the statement's fault", () => {
    expect(codeOf("99999")).toBe("QUERY_ERROR");
  });

  test("an exception of our own is not dressed up", () => {
    const bug = new TypeError("x is undefined");
    const context = { signal: new AbortController().signal, timeoutMs: 1, elapsedMs: 0 };
    expect(statementError(bug, context)).toBe(bug);
  });
});

describe("connecting", () => {
  const noSuch = (change: (url: URL) => void) => {
    const url = new URL(suite.database.url());
    change(url);
    return url.toString();
  };
  const signal = new AbortController().signal;
  const open = (url: string) => suite.engine({ dsn: { reveal: () => url } }, walls);

  test.each([
    [
      "a port nobody listens on",
      (url: URL) => {
        url.port = "1";
      },
      "does not accept connections",
    ],
    [
      "a database that is not there",
      (url: URL) => {
        url.pathname = "/nowhere";
      },
      "does not exist",
    ],
    [
      "a login that is not there",
      (url: URL) => {
        url.username = "alice";
      },
      "refused the login",
    ],
    [
      "a host that is not there",
      (url: URL) => {
        url.hostname = "db.invalid";
      },
      "could not be found",
    ],
    ["a server without TLS", (url: URL) => url.searchParams.set("sslmode", "verify-full"), "encrypted"],
  ])("to %s is CONNECTION_ERROR without any name", async (_, change, words) => {
    const url = noSuch(change);
    const error: unknown = await open(url)
      .ping(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "CONNECTION_ERROR", message: expect.stringContaining(words) });
    const shown = isToolError(error) ? JSON.stringify([error.message, error.hint, error.details]) : "";
    for (const part of ["alice", "nowhere", "db.invalid", "127.0.0.1", "postgres:"])
      expect(shown).not.toContain(part);
  });

  test("a dsn that is none is CONFIG_ERROR and is not repeated", async () => {
    const error: unknown = await open("postgres://u:hunter2@[bad")
      .ping(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "CONFIG_ERROR" });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });

  test("a role that the login may not take is CONFIG_ERROR", async () => {
    const result = await failure("SELECT 1", reader, { access: access({}, { role: "pg_monitor" }) });
    expect(result).toMatchObject({ code: "CONFIG_ERROR", details: { sqlstate: "42501" } });
    expect(result.message).not.toContain("pg_monitor");
  });
});
