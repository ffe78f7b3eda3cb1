import pg from "pg";
import { expect, test } from "vitest";
import { testEngine } from "../testing/engine.ts";
import { postgresSuite } from "../testing/suite.ts";
import { catalogQueries } from "./queries.ts";

const tables = 10_000;
const suite = postgresSuite("CREATE SCHEMA many");

test("a cold snapshot of 10,000 tables takes at most twice the bare catalog queries", {
  timeout: 180_000,
}, async () => {
  for (let from = 1; from <= tables; from += 500) {
    await suite.database.run(`DO $$ BEGIN
      FOR i IN ${from}..${from + 499} LOOP
        EXECUTE format('CREATE TABLE many.t%s (id int, name text, price numeric(10,2), at timestamptz)', i);
      END LOOP; END $$`);
  }
  await suite.database.run("ANALYZE pg_class; ANALYZE pg_attribute");
  const bare: number[] = [];
  const cold: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    bare.push(await timed(bareQueries));
    cold.push(await timed(coldSnapshot));
  }
  expect(Math.min(...cold)).toBeLessThanOrEqual(2 * Math.min(...bare));
});

/** Connecting counts for both. */
async function bareQueries(): Promise<void> {
  const client = new pg.Client(suite.database.url());
  await client.connect();
  await client.query("SET search_path = ''");
  for (const text of Object.values(catalogQueries)) await client.query({ text, rowMode: "array" });
  await client.end();
}

async function coldSnapshot(): Promise<void> {
  const engine = testEngine(suite.database.url());
  const snapshot = await engine.snapshot({ signal: new AbortController().signal });
  await engine.close();
  expect(snapshot.relations).toHaveLength(tables);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
