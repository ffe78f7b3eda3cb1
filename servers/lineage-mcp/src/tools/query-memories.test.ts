import { expect, test } from "vitest";
import { type Answer, openDemo } from "../../test/support/demo.ts";

const demo = openDemo();

test.each([
  "WITH a AS (SELECT 'delete from x; attach' AS b) SELECT * FROM a -- drop table x",
  "SELECT cell_name, /* insert into */ count(*) FROM cell_runs GROUP BY ALL",
  "SELECT * FROM vw_performance_metrics",
  "SELECT 'copy; pragma; install' AS words",
  "FROM sessions SELECT session_id",
])("accepted: %s", async (sql_query) => {
  expect((await demo.ask<Answer>("query_memories", { sql_query })).total).toBeGreaterThan(0);
});

test.each([
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM '/etc/passwd'",
  "SELECT * FROM read_text('/etc/hostname')",
  "SELECT * FROM glob('/*')",
  "COPY cells TO '/tmp/x.csv'",
  "ATTACH '/tmp/x.db'",
  "INSTALL httpfs",
  "LOAD httpfs",
  "SET memory_limit = '1TB'",
  "PRAGMA database_list",
  "DELETE FROM cells",
  "INSERT INTO meta VALUES ('a', 'b')",
  "UPDATE cells SET cell_name = 'x'",
  "CREATE TABLE t AS SELECT 1",
  "DROP TABLE cells",
  "SELECT 1; SELECT 2",
  "SELECT 1; DROP TABLE cells",
  "EXPORT DATABASE '/tmp/x'",
  "CALL duckdb_settings()",
  "SELECT * FROM duckdb_secrets()",
  "SELECT getenv('HOME')",
  "SELECT * FROM read_json('http://127.0.0.1:1/x')",
  "CHECKPOINT",
  "SELECT * FROM meta",
  "",
])("refused: %s", async (sql_query) => {
  expect((await demo.refused("query_memories", { sql_query })).code).toBe("VALIDATION_ERROR");
});

test.each([
  "SELECT repeat('x', 2000000000)",
  "SELECT repeat(repeat(repeat('x', 9999), 9999), 40)",
  "WITH a AS (SELECT repeat('x', 9999) AS s) SELECT repeat('s', 9999) || repeat(s, 9999) FROM a",
  "SELECT repeat('x', range) FROM range(2000000000, 2000000001)",
  "SELECT lpad('x', 1e9::INTEGER, 'y')",
  "SELECT rpad('x', 1000000000, 'y')",
  `WITH t0 AS (SELECT md5('') AS s)${Array.from({ length: 8 }, (_, at) => `, t${at + 1} AS (SELECT s || s || s || s || s || s || s || s || s || s AS s FROM t${at})`).join("")} SELECT s FROM t8`,
  `SELECT s FROM ${Array.from({ length: 20 }, () => "(SELECT concat(s, s) AS s FROM ").join("")}(SELECT md5('') AS s)${Array.from({ length: 20 }, () => ")").join("")}`,
  "SELECT replace(s, 'a', s) FROM (SELECT replace(s, 'a', s) AS s FROM (SELECT repeat('a', 9999) AS s))",
  "SELECT range(500000000)",
  "SELECT unnest(generate_series(1, 10000000000))",
  "SELECT list_sort(range(-50000000, 0), 'DESC')",
  "SELECT range(TIMESTAMP '1000-01-01', TIMESTAMP '2000-01-01', INTERVAL 1 SECOND)",
  "SELECT list_resize([1], 500000000)",
  "SELECT bitstring('1', 2000000000)",
  "SELECT bar(range, 0, 10, 1000000) FROM range(1000000)",
  "SELECT format('{:>1000000000}', 'x')",
  "SELECT format('{:>{}}', 'x', 1000000000)",
  "SELECT printf('%1000000000d', 1)",
  "SELECT printf('%*d', 1000000000, 1)",
  "SELECT printf(cell_name, 1) FROM cells",
  "SELECT count(*) FROM range(10) t, (SELECT equi_width_bins(0, 1, 1000000000, true))",
])("too large for one value, refused before it runs: %s", async (sql_query) => {
  const error = await demo.refused("query_memories", { sql_query });
  expect(error).toMatchObject({ code: "VALIDATION_ERROR", details: { reason: "too_large" } });
});

test.each([
  "SELECT len(repeat(event, 999)) FROM ol_events",
  "SELECT len(repeat(s, 999)) FROM (SELECT event::VARCHAR AS s FROM ol_events)",
  "SELECT len(repeat(x, 999)) FROM (FROM ol_events) AS t(x)",
  "WITH t(x) AS (FROM ol_events) SELECT len(repeat(x, 999)) FROM t",
  "SELECT len(repeat(e, 999)) FROM (SELECT * RENAME (event AS e) FROM ol_events)",
  "SELECT len(repeat(e::VARCHAR, 999)) FROM ol_events e",
  "SELECT len(repeat(ol_events::VARCHAR, 999)) FROM ol_events",
  "SELECT len(repeat(outputs_json, 999)) AS outputs_json FROM lineage_events",
  "SELECT len(repeat(COLUMNS(*)::VARCHAR, 999)) FROM ol_events",
  `SELECT len(replace(event, '"', '${"x".repeat(9_000)}')) FROM ol_events`,
  `SELECT len(replace('${"a".repeat(9_000)}', 'a', '${"x".repeat(9_000)}'))`,
  `SELECT len(regexp_replace(event, '', '${"x".repeat(999)}', 'g')) FROM ol_events`,
  "SELECT len(regexp_replace(event, '.*', '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0', 'g')) FROM ol_events",
  "SELECT len(list_transform(string_split(event, ''), lambda x: event || x)) FROM ol_events",
  "SELECT len(array_to_string(range(9999), repeat('-', 99)))",
])("too long when made of the texts that are here: %#", async (sql_query) => {
  const error = await demo.refused("query_memories", { sql_query });
  expect(error).toMatchObject({ code: "VALIDATION_ERROR", details: { reason: "too_large" } });
});

test.each([
  "SELECT repeat('-', 80) || cell_name, replace(cell_source, chr(10), '; ') FROM cells",
  "SELECT replace(event, '\"', '') || ' ' || job_name FROM ol_events LIMIT 5",
  "SELECT regexp_replace(job_name, '[^a-z]+', '_', 'g'), lpad(execution_id, 12, '0') FROM ol_events LIMIT 5",
  "SELECT list_transform(string_split(job_name, '.'), lambda x: upper(x)) FROM ol_events LIMIT 5",
  "SELECT repeat('ab', 3) || lpad('7', 5, '0') || printf('%05.2f', 1.5) || format('{:>10}', 'x') || bar(3, 0, 10, 20)",
  "SELECT unnest(generate_series(1, 100)), len(range(10)), repeat('-', 80)",
  "SELECT len(range(0, 10)), replace('a-b', '-', ''), repeat('', 9)",
  "SELECT count(*) FROM range(1000000)",
  "WITH a AS (SELECT cell_name || '/' || cell_id || ':' || status AS s FROM cell_runs), b AS (SELECT s || ' ' || s AS s FROM a), c AS (SELECT concat(s, s, '!') AS s FROM b) SELECT replace(s, '/', '.') FROM c",
])("made of little, answered: %s", async (sql_query) => {
  expect((await demo.ask<Answer>("query_memories", { sql_query })).total).toBeGreaterThan(0);
});

test("an endless join is interrupted, and the next question is answered", async () => {
  const sql_query =
    "SELECT count(*) FROM range(10000000000000) a, range(100) b WHERE a.range * b.range % 7 = 8";
  const began = Date.now();
  expect(await demo.refused("query_memories", { sql_query, timeout_ms: 300 })).toMatchObject({
    code: "QUERY_TIMEOUT",
  });
  expect(Date.now() - began).toBeLessThan(3_000);
  expect((await demo.ask<Answer>("query_memories", { sql_query: "SELECT 1" })).total).toBe(1);
});

test("the limit and the size of an answer are kept, and said", async () => {
  expect(
    await demo.ask<Answer>("query_memories", { sql_query: "SELECT * FROM range(500)", limit: 10 }),
  ).toMatchObject({ returned: 10, truncated: true });
  const wide = await demo.call("query_memories", {
    sql_query: "SELECT repeat('x', 1000) AS pad FROM range(200)",
    limit: 200,
  });
  expect(JSON.stringify(wide).length).toBeLessThan(40_000);
  expect(wide).toMatchObject({ data: { truncated: true }, warnings: [expect.stringContaining("more rows")] });
  expect(await demo.refused("query_memories", { sql_query: "SELECT nope FROM cells" })).toMatchObject({
    code: "QUERY_ERROR",
  });
});

test.each(["SELECT * FROM nope", "SELECT * FROM read_csv('x.csv')", "SELECT nope FROM cells"])(
  "a hint names a tool there is: %s",
  async (sql_query) => {
    const { hint = "" } = await demo.refused("query_memories", { sql_query });
    expect(hint).not.toMatch(/list_tables|describe_table|search_schema|get_metadata/);
  },
);
