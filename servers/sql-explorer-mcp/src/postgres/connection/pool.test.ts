import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import { access, request } from "../testing/access.ts";
import { postgresSuite } from "../testing/suite.ts";
import { openGate, readOnlySession } from "../testing/walls.ts";

const suite = postgresSuite("CREATE TABLE t AS SELECT n FROM generate_series(1, 100) n");
const walls = { gate: openGate, session: readOnlySession() };
const noPlan = access({}, { planCheck: false });

const backends = (filter: string) =>
  suite.database.run(
    `SELECT pid, state, query FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${filter}`,
  );

async function until(check: () => Promise<boolean>, waitMs = 5_000): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error("it did not happen in time");
    await pause(20);
  }
}

describe("cancelling", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = suite.engine({ poolMax: 4 }, walls);
    await engine.query(request("SELECT 1"));
  });

  test("answers CANCELLED at once and stops the statement on the server", async () => {
    const caller = new AbortController();
    const running = engine.query(
      request("SELECT pg_sleep(60) /* mine */", { signal: caller.signal, access: noPlan }),
    );
    await until(async () => (await backends("query LIKE '%mine%' AND state = 'active'")).length === 1);
    const started = performance.now();
    caller.abort();
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
    expect(performance.now() - started).toBeLessThan(200);
    await until(async () => (await backends("query LIKE '%mine%'")).length === 0);
  });

  test("an abort by a time limit is QUERY_TIMEOUT", async () => {
    const limited = request("SELECT pg_sleep(60)", { signal: AbortSignal.timeout(100), access: noPlan });
    await expect(engine.query(limited)).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
  });

  test("a call that was aborted before it began does nothing", async () => {
    const signal = AbortSignal.abort();
    await expect(engine.query(request("SELECT 1", { signal }))).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("a neighbour's statement is never hit, whenever the cancel comes", async () => {
    const steady = Array.from({ length: 60 }, (_, n) =>
      pause(n * 12).then(() => engine.query(request("SELECT count(*) FROM t, t u WHERE t.n <= 40"))),
    );
    const restless = Array.from({ length: 60 }, async (_, n) => {
      await pause(n * 12);
      const caller = new AbortController();
      setTimeout(() => caller.abort(), n % 7);
      await engine
        .query(request("SELECT pg_sleep(0.003)", { signal: caller.signal }))
        .catch((error: unknown) => {
          expect(error).toMatchObject({ code: expect.stringMatching(/CANCELLED|UNAVAILABLE/) });
        });
    });
    for (const result of await Promise.all(steady)) expect(result.rows).toEqual([[4000]]);
    await Promise.all(restless);
    await until(async () => (await backends("query LIKE '%pg_sleep%'")).length === 0);
  });
});

describe("a full pool", () => {
  test("answers UNAVAILABLE after its wait, and serves again once a place is free", async () => {
    const engine = suite.engine({ poolMax: 2, acquireTimeoutMs: 150 }, walls);
    await engine.snapshot({ signal: new AbortController().signal });
    const long = [1, 2].map(() => engine.query(request("SELECT pg_sleep(0.8)")));
    await until(
      async () => (await backends("query LIKE '%pg_sleep(0.8)%' AND state = 'active'")).length === 2,
    );
    await expect(engine.query(request("SELECT 1"))).rejects.toMatchObject({
      code: "UNAVAILABLE",
      retryAfterMs: 1_000,
    });
    await engine.ping(new AbortController().signal);
    await Promise.all(long);
    expect((await engine.query(request("SELECT 1"))).rows).toEqual([[1]]);
  });

  test("never has more connections than it may, however many call", async () => {
    const engine = suite.engine({ poolMax: 3, acquireTimeoutMs: 20_000 }, walls);
    let most = 0;
    const watch = setInterval(async () => {
      const [row] = await suite.database.run(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'sql-explorer-mcp many'",
      );
      most = Math.max(most, Number(row?.["n"]));
    }, 30);
    const many = suite.engine({ poolMax: 3, acquireTimeoutMs: 20_000, sourceId: "many" }, walls);
    const all = Array.from({ length: 200 }, (_, n) => many.query(request(`SELECT ${n} FROM t LIMIT 1`)));
    const results = await Promise.all(all);
    clearInterval(watch);
    expect(results.map((result) => result.rows[0]?.[0])).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(most).toBeLessThanOrEqual(4);
    await engine.close();
  });
});

describe("closing", () => {
  test("ends every connection and refuses later calls", async () => {
    const engine = suite.engine({ sourceId: "closing" }, walls);
    await Promise.all([1, 2, 3].map(() => engine.query(request("SELECT 1"))));
    await engine.close();
    await until(async () => (await backends("application_name = 'sql-explorer-mcp closing'")).length === 0);
    await expect(engine.query(request("SELECT 1"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("an engine that was never used has nothing to close", async () => {
    await suite.engine({}, walls).close();
  });
});
