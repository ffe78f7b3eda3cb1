import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureSql, hostileSql, searchPath } from "./fixture.ts";
import { createEffectOracle, type EffectOracle } from "./oracle.ts";
import { connect, execute, type OwnServer, startOwnServer } from "./server.ts";

let server: OwnServer;
let session: pg.Client;
let oracle: EffectOracle;

beforeAll(async () => {
  server = await startOwnServer();
  session = await connect(server.url, { options: `-c search_path=${searchPath.join(",")}` });
  await session.query(fixtureSql);
  await session.query(hostileSql);
  oracle = await createEffectOracle(server.url, () => session);
}, 120_000);

afterAll(async () => {
  await oracle?.close();
  await session?.end();
  await server?.stop();
});

test.each([
  ["INSERT INTO shop.categories VALUES (99, NULL, 'x')", "WAL Heap INSERT"],
  ["SELECT nextval('shop.orders_id_seq')", "sequences"],
  ["SELECT lo_create(0)", "large objects"],
  ["SELECT lo_put(4242, 0, 'data')", "large object data"],
  ["SELECT pg_notify('canary', 'x')", "notifications"],
  ["SELECT pg_logical_emit_message(false, 'x', 'y')", "WAL LogicalMessage MESSAGE"],
  ["SELECT pg_switch_wal()", "WAL XLOG SWITCH"],
  ["CHECKPOINT", "checkpoint"],
  ["SELECT set_config('work_mem', '77MB', false)", "session settings"],
  ["SET ROLE pg_monitor", "role"],
  ["RESET ROLE", "role"],
  ["PREPARE p AS SELECT 1", "prepared statements"],
  ["DECLARE c CURSOR WITH HOLD FOR SELECT 1", "cursors"],
  ["CREATE TEMP TABLE t (a int)", "temporary tables"],
  ["LISTEN canary", "channels listened to"],
  ["SELECT pg_advisory_lock(7)", "locks kept"],
  ["SELECT pg_create_physical_replication_slot('s')", "replication slots"],
  ["SELECT pg_drop_replication_slot('s')", "replication slots"],
  ["SELECT pg_stat_reset()", "database statistics reset"],
  ["SELECT pg_stat_reset_shared('wal')", "server statistics reset"],
  ["SELECT pg_reload_conf()", "configuration loaded"],
  ["SELECT txid_current()", "transaction ids used"],
  ["COPY (SELECT 1) TO '{canary}/copied'", "files"],
  ["SELECT lo_export(4242, '{canary}/exported')", "files"],
  ["COPY (SELECT 1) TO '{data}/written'", "files of the cluster"],
  ["SELECT o.touch FROM shop.orders o LIMIT 1", "WAL Heap INSERT"],
  ["SELECT pg_terminate_backend({bystander}, 1000)", "other backends"],
])("the oracle sees %s", async (sql, effect) => {
  await oracle.effects();
  const text = sql
    .replace("{canary}", oracle.canaryDir)
    .replace("{data}", server.dataDir)
    .replace("{bystander}", String(oracle.bystanderPid));
  const { message } = await execute(session, text);
  expect(message).toBeUndefined();
  // Statistics and configuration reach others a moment later.
  const found: string[] = [];
  const seen = () => found.some((entry) => entry.startsWith(effect));
  for (let attempt = 0; attempt < 50 && !seen(); attempt++) {
    found.push(...(await oracle.effects()));
    if (!seen()) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(seen(), found.join(", ")).toBe(true);
});

test("the oracle stays quiet while others only read", async () => {
  for (const sql of [
    "SELECT count(*) FROM shop.orders",
    "SELECT * FROM web.visits ORDER BY at DESC LIMIT 5",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT sum(i) FROM n",
    "SELECT string_agg(repeat(name, 500), '') FROM shop.customers, generate_series(1, 50)",
    "SELECT 1 / 0",
  ]) {
    await oracle.effects();
    await execute(session, sql);
    expect(await oracle.effects(), sql).toEqual([]);
  }
});
