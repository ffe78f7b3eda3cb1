import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { viewBody } from "./view-body.ts";

test("finds the SELECT in what the engine prints", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run('CREATE SCHEMA "s as"; CREATE TABLE t (a INTEGER, b INTEGER)');
  const views: [string, string][] = [
    ["v", "SELECT a FROM t"],
    ['"as"', "SELECT a AS x FROM t"],
    ['"s as"."create view as"', "SELECT 1"],
    ['"q""uote as "', "SELECT 1"],
    ['w(x, "as")', "SELECT a, b FROM t"],
    ["ünï_1", "SELECT ';' AS a"],
    ["z", "WITH c AS (SELECT a FROM t) SELECT * FROM c"],
    ["f", "FROM t"],
    ["y", "SELECT a FROM t ORDER BY a LIMIT 1"],
  ];
  for (const [name, select] of views) {
    await connection.run(`CREATE VIEW ${name} AS ${select}`);
    const rows = (
      await connection.runAndReadAll("SELECT sql FROM duckdb_views() WHERE NOT internal")
    ).getRowsJson();
    const body = viewBody(String(rows[0]?.[0]));
    expect(body, name).toMatch(/^(SELECT|WITH|FROM)/);
    await connection.run(`CREATE TEMP VIEW again AS ${body}`);
    await connection.run(`DROP VIEW again; DROP VIEW ${name.replace(/\(.*/, "")}`);
  }
  connection.closeSync();
  instance.closeSync();
});

test("anything else has no body", () => {
  for (const text of ["", "SELECT 1", "CREATE TABLE t AS SELECT 1", "CREATE VIEW", "DROP VIEW x AS y"]) {
    expect(viewBody(text)).toBeUndefined();
  }
});
