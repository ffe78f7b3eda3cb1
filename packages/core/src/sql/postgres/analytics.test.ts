import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GateCatalog } from "../policy.ts";
import { capRows } from "../row-cap.ts";
import { analyticsCorpus } from "./corpus/analytics/index.ts";
import { createPostgresGate, type Gate } from "./index.ts";
import {
  connect,
  execute,
  fixtureSql,
  openPolicy,
  readCatalog,
  searchPath,
  testDatabase,
} from "./testing/index.ts";

let database: { url: string; drop(): Promise<void> };
let session: pg.Client;
let gate: Gate;
let catalog: GateCatalog;

beforeAll(async () => {
  database = await testDatabase("analytics");
  session = await connect(database.url, {
    options: `-c search_path=${searchPath.join(",")} -c default_transaction_read_only=off -c statement_timeout=10000`,
  });
  await session.query(fixtureSql);
  await session.query("SET default_transaction_read_only = on");
  catalog = await readCatalog(session, searchPath);
  gate = await createPostgresGate();
}, 60_000);

afterAll(async () => {
  await session?.end();
  await database?.drop();
});

test("the corpus is large", () => {
  const all = Object.values(analyticsCorpus).flat();
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(new Set(all).size).toBe(all.length);
});

describe.each(Object.keys(analyticsCorpus))("%s", (topic) => {
  const queries = analyticsCorpus[topic] ?? [];

  test("every query is accepted, with a catalog and without", () => {
    const refused = queries.flatMap((sql) =>
      [catalog, undefined].flatMap((known) => {
        const verdict = gate.check(sql, {
          policy: openPolicy,
          ...(known === undefined ? {} : { catalog: known }),
          params: 0,
        });
        if (verdict.ok || (known === undefined && needsCatalog(sql))) return [];
        return [`${known === undefined ? "without" : "with"} catalog: ${sql}: ${verdict.message}`];
      }),
    );
    expect(refused).toEqual([]);
  });

  test("every query runs read-only, as accepted and with its rows capped", async () => {
    const failed: string[] = [];
    for (const sql of queries) {
      const verdict = gate.check(sql, { policy: openPolicy, catalog, params: 0 });
      if (!verdict.ok) continue;
      for (const text of [verdict.text, capRows(verdict, { maxRows: 5 }).text]) {
        const { message } = await execute(session, text);
        if (message !== undefined) failed.push(`${text}: ${message}`);
      }
    }
    expect(failed).toEqual([]);
  });
});

/** Names only a catalog resolves: tables of a later schema, bare types of the database, fields of composites. */
function needsCatalog(sql: string): boolean {
  return /order_status|\(c?\.?home\)|\(c\.home\)/.test(sql);
}
