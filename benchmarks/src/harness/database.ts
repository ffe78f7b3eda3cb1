import pg from "pg";

/** The throwaway cluster the runner started. */
function clusterUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (url === undefined) throw new Error("start it with: npm run bench");
  return url;
}

/** A login that can only read, and the table every contender asks for. */
export async function prepareShop(): Promise<string> {
  await run(`
    DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench;
    CREATE TABLE bench.items (id int PRIMARY KEY, name text NOT NULL, price numeric(8,2) NOT NULL, added timestamptz NOT NULL);
    INSERT INTO bench.items SELECT i, 'item ' || i, i % 900 + 0.5, now() FROM generate_series(1, 100000) i;
    ANALYZE bench.items;
    DO $$ BEGIN CREATE ROLE bench_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    GRANT USAGE ON SCHEMA bench TO bench_reader; GRANT SELECT ON ALL TABLES IN SCHEMA bench TO bench_reader;`);
  return as("bench_reader");
}

export function as(login: string): string {
  const url = new URL(clusterUrl());
  url.username = login;
  url.password = "";
  return url.toString();
}

export async function run(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(clusterUrl());
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
