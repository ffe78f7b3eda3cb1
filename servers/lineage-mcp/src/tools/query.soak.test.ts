import { expect, test } from "vitest";
import { openDemo } from "../../test/support/demo.ts";
import { dice } from "../../test/support/dice.ts";

const rounds = process.env.SOAK_SECONDS === undefined ? 60 : 500;
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31);
const demo = openDemo();

const sources = [
  "cell_runs",
  "df_ops",
  "vw_performance_metrics",
  "(SELECT * FROM sessions)",
  "datasets d JOIN column_edges e ON e.in_name = d.name",
];
const wraps: readonly ((sql: string) => string)[] = [
  (sql) => sql,
  (sql) => `WITH a AS (${sql}) SELECT * FROM a`,
  (sql) => `WITH a AS MATERIALIZED (${sql}), b AS (FROM a) SELECT count(*) FROM b -- ; DROP TABLE cells`,
  (sql) =>
    `SELECT 'attach ; copy to; install httpfs' AS words, (SELECT count(*) FROM (${sql})) AS n /* delete from */`,
  (sql) => `${sql} UNION ALL ${sql}`,
];
const attacks = [
  "read_csv('/etc/passwd')",
  "read_text('/etc/hostname')",
  "read_json_auto('http://127.0.0.1:9/x')",
  "read_parquet('s3://bucket/x')",
  "glob('/**')",
  "'/etc/passwd'",
  "duckdb_secrets()",
  "duckdb_settings()",
  "pragma_database_list",
  "sqlite_scan('/tmp/x.db', 't')",
  "query('SELECT 1')",
  "query_table('meta')",
  "meta",
];
const statements = [
  "DELETE FROM cells",
  "UPDATE cell_runs SET status = 'x'",
  "DROP VIEW df_ops",
  "ATTACH ':memory:' AS other",
  "COPY (SELECT 1) TO '/tmp/stolen.csv'",
  "INSTALL httpfs",
  "LOAD json",
  "SET threads = 64",
  "PRAGMA enable_profiling",
  "CALL pragma_version()",
  "EXPORT DATABASE '/tmp/stolen'",
  "CREATE TEMP TABLE t AS SELECT 1",
  "VACUUM",
  "BEGIN TRANSACTION",
];

test(`${rounds} statements, half of them hostile: each is answered or refused as it deserves (seed ${seed})`, {
  timeout: 600_000,
}, async () => {
  const roll = dice(seed);
  const one = <T>(list: readonly T[]) => list[Math.floor(roll() * list.length)] as T;
  const spaced = (sql: string) => sql.replaceAll(" ", () => one([" ", "\n", " /* x */ ", "\t"]));
  const refusals = new Set(["VALIDATION_ERROR", "PERMISSION_DENIED"]);
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const sql = one(wraps)(`SELECT count(*) AS n FROM ${one(sources)}`);
      const answer = await demo.call("query_memories", { sql_query: sql });
      expect(answer, sql).toMatchObject({ success: true });
      continue;
    }
    const hostile =
      roll() < 0.5
        ? one(wraps)(`SELECT * FROM ${one(attacks)}`)
        : `${roll() < 0.5 ? "SELECT 1; " : ""}${one(statements)}`;
    const sql = roll() < 0.5 ? spaced(hostile) : hostile;
    const error = await demo.refused("query_memories", { sql_query: sql });
    expect(refusals.has(error.code), `${sql} gave ${error.code}`).toBe(true);
  }
  expect((await demo.ask<{ total: number }>("list_notebooks")).total).toBe(1);
});
