import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import { access, request } from "../testing/access.ts";
import { testEngine, testOptions } from "../testing/engine.ts";
import { startPgBouncer, type TestPooler } from "../testing/pgbouncer.ts";
import { postgresSuite } from "../testing/suite.ts";
import { openGate, readOnlySession } from "../testing/walls.ts";
import { createPool } from "./pool.ts";

const suite = postgresSuite(`
  CREATE SCHEMA app;
  CREATE TABLE app.t AS SELECT n FROM generate_series(1, 100) n;
`);
const policy = { schemas: ["app"] };
const walls = { gate: openGate, session: readOnlySession() };
let pooler: TestPooler;
let engine: Engine;
beforeAll(async () => {
  pooler = await startPgBouncer(suite.database.url(), 2);
  engine = testEngine(pooler.url, { poolMax: 8, acquireTimeoutMs: 15_000 }, walls);
});
afterAll(async () => {
  await engine.close();
  await pooler.stop();
});

const call = (sql: string, extra: Parameters<typeof request>[1] = {}) =>
  engine.query(request(sql, { access: access(policy), ...extra }));

/** Straight through the pooler, as another application would. */
const settings = `SELECT current_user::text, current_setting('statement_timeout'), current_setting('search_path'),
  current_setting('transaction_read_only'), current_setting('TimeZone'),
  (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')::int`;

test("a pooler is noticed, a direct connection is not taken for one", async () => {
  for (const [url, pooled] of [
    [pooler.url, true],
    [suite.database.url(), false],
  ] as const) {
    const pool = createPool(testOptions(url), readOnlySession());
    const lease = await pool.acquire(new AbortController().signal);
    expect({ pooled: lease.pooled, prepared: lease.prepared }).toEqual({ pooled, prepared: !pooled });
    lease.release();
    await pool.close();
  }
});

test("the catalog, the plan check, parameters and pages all work", async () => {
  const snapshot = await engine.snapshot({ signal: new AbortController().signal });
  expect(snapshot.relations.map((relation) => relation.name)).toEqual(["t"]);
  const page = await call("SELECT n FROM t WHERE n = ANY($1) ORDER BY n", {
    params: [[3, 5, 7]],
    maxRows: 2,
  });
  expect(page).toMatchObject({ rows: [[3], [5]], truncated: true, tables: ["app.t"] });
  expect((await call("SELECT n FROM t WHERE n > $1", { params: [99] })).rows).toEqual([[100]]);
});

test("many callers over two server connections get their own answers", async () => {
  const all = Array.from({ length: 200 }, async (_, n) => {
    const { rows } = await call(`SELECT ${n} + count(*)::int FROM t`);
    return rows[0]?.[0];
  });
  expect(await Promise.all(all)).toEqual(Array.from({ length: 200 }, (_, n) => n + 100));
});

test("settings, role, locks and failed transactions stay with the call that had them", async () => {
  const open = { access: access(policy, { planCheck: false }) };
  const before = await Promise.all([1, 2, 3, 4].map(() => call(settings, open)));
  for (const sql of [
    "SELECT set_config('statement_timeout', '77', false)",
    "SET search_path = pg_catalog",
    "SET TimeZone = 'Asia/Tokyo'",
    "SELECT pg_advisory_lock(99)",
    "SET ROLE pg_monitor",
    "SELECT 1/0",
    "SELECT no_such_column",
    "COMMIT",
    "SELECT pg_sleep(10)",
  ]) {
    await call(sql, { ...open, timeoutMs: 300 }).catch(() => undefined);
  }
  const after = await Promise.all([1, 2, 3, 4].map(() => call(settings, open)));
  expect(after.map((result) => result.rows)).toEqual(before.map((result) => result.rows));
});

test("a cancel stops the caller's own statement and no other", async () => {
  const caller = new AbortController();
  const mine = call("SELECT pg_sleep(30)", { signal: caller.signal });
  const theirs = call("SELECT pg_sleep(1), 'done'");
  await pause(300);
  caller.abort();
  await expect(mine).rejects.toMatchObject({ code: "CANCELLED" });
  expect((await theirs).rows).toEqual([["", "done"]]);
  const running = await suite.database.run(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()",
  );
  expect(running).toEqual([{ n: 0 }]);
});

test("a restless crowd leaves every answer right", async () => {
  const all = Array.from({ length: 120 }, async (_, n) => {
    await pause(n * 5);
    const caller = new AbortController();
    if (n % 3 === 0) setTimeout(() => caller.abort(), n % 11);
    const result = await call(`SELECT ${n}, pg_sleep(0.002)`, { signal: caller.signal }).catch(
      () => undefined,
    );
    if (result !== undefined) expect(result.rows[0]?.[0]).toBe(n);
    return n % 3 === 0 || result !== undefined;
  });
  expect(await Promise.all(all)).not.toContain(false);
});
