import { ours } from "../contenders/ours.ts";
import { as, run } from "../harness/database.ts";
import { median } from "../harness/numbers.ts";
import type { Result } from "../harness/result.ts";
import { launch } from "../harness/wire-client.ts";

const tables = 10_000;

/** What anyone must read from the catalog to know names, kinds and columns. */
const rawQuery = `
  SELECT n.nspname, c.relname, c.relkind, c.reltuples, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r','p','v','m','f') AND n.nspname NOT IN ('pg_catalog','information_schema') AND n.nspname !~ '^pg_'`;

/** A catalog of 10,000 tables with ten columns each. */
export async function catalog(): Promise<Result> {
  await prepare();
  const raw = [];
  const cold = [];
  const list = [];
  const search = [];
  for (let round = 0; round < 5; round += 1) {
    const started = performance.now();
    await run(rawQuery);
    raw.push(performance.now() - started);
    const client = await launch(ours(as("wide_reader"), true).launch);
    const ask = async (name: string, args: object) => {
      const at = performance.now();
      const answer = await client.call({ name, arguments: { ...args } });
      if (answer.isError) throw new Error(answer.content[0]?.text);
      return performance.now() - at;
    };
    cold.push(await ask("list_tables", { schema: "wide" }));
    await ask("search_schema", { query: "customer" });
    for (let n = 0; n < 20; n += 1) {
      list.push(await ask("list_tables", { schema: "wide", pattern: `*${n}*` }));
      search.push(
        await ask("search_schema", { query: ["customer order", "invoice amount", "shipment date"][n % 3] }),
      );
    }
    await client.close();
  }
  return {
    title: "sql-explorer-mcp on a catalog of 10,000 tables",
    rows: [
      {
        measure: "list_tables, cold",
        unit: "ms",
        lower_is_better: true,
        ours: median(cold),
        others: { "the catalog query alone": median(raw) },
        goal: "≤ 2× the query",
      },
      {
        measure: "list_tables, warm",
        unit: "ms",
        lower_is_better: true,
        ours: median(list),
        others: {},
        goal: "≤ 20 ms",
      },
      {
        measure: "search_schema, warm",
        unit: "ms",
        lower_is_better: true,
        ours: median(search),
        others: {},
        goal: "≤ 20 ms",
      },
    ],
  };
}

async function prepare(): Promise<void> {
  const words =
    "ARRAY['customer','order','invoice','shipment','payment','refund','visit','lead','ticket','stock']";
  await run(`
    DROP SCHEMA IF EXISTS wide CASCADE; CREATE SCHEMA wide;
    DO $$ BEGIN CREATE ROLE wide_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    GRANT USAGE ON SCHEMA wide TO wide_reader;`);
  for (let from = 0; from < tables; from += 1_000) {
    await run(`DO $$ DECLARE w text[] := ${words}; BEGIN FOR i IN ${from}..${from + 999} LOOP
      EXECUTE format('CREATE TABLE wide.%I (id int PRIMARY KEY, name text, amount numeric, created timestamptz, status text, owner_id int, note text, kind text, updated timestamptz, active bool)', w[i % 10 + 1] || '_' || i);
      END LOOP; END $$`);
  }
  await run(
    "GRANT SELECT ON ALL TABLES IN SCHEMA wide TO wide_reader; ANALYZE pg_catalog.pg_class; ANALYZE pg_catalog.pg_attribute",
  );
}
