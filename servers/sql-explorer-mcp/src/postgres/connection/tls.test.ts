import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { access, request } from "../testing/access.ts";
import { testEngine } from "../testing/engine.ts";
import { createTestServer, type TestServer } from "../testing/server.ts";
import { openGate, readOnlySession } from "../testing/walls.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ tls: true });
  await server.start();
});
afterAll(() => server.remove());

const walls = () => ({ gate: openGate, session: readOnlySession() });

test("statements and cancels go over an encrypted connection", async () => {
  const engine = testEngine(server.url, { ssl: { rejectUnauthorized: false } }, walls());
  const encrypted = request("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", {
    access: access({}, { planCheck: false }),
  });
  expect((await engine.query(encrypted)).rows).toEqual([[true]]);
  const caller = new AbortController();
  const running = engine.query(request("SELECT pg_sleep(30)", { signal: caller.signal }));
  await pause(300);
  caller.abort();
  await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
  await pause(500);
  const watch = new pg.Client({ connectionString: server.url, ssl: { rejectUnauthorized: false } });
  await watch.connect();
  const { rows } = await watch.query(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%sleep(30)%' AND pid <> pg_backend_pid()",
  );
  await watch.end();
  expect(rows).toEqual([{ n: 0 }]);
  await engine.close();
});

test("a certificate nobody vouches for is refused, and so is a connection without encryption", async () => {
  for (const ssl of [true, false]) {
    const engine = testEngine(server.url, { ssl }, walls());
    await expect(engine.ping(new AbortController().signal)).rejects.toMatchObject({
      code: "CONNECTION_ERROR",
    });
    await engine.close();
  }
});
