import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../src/postgres/testing/database.ts";
import { type Explorer, openExplorer } from "./support/explorer.ts";

let database: TestDatabase;
let explorer: Explorer;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.run(`
    CREATE SCHEMA app; CREATE SCHEMA vault;
    CREATE TABLE vault.tokens AS SELECT 'top'::text AS token;
    CREATE TABLE app.people (id int, name text, ssn text DEFAULT '000-01', mail text DEFAULT 'a@hidden.test');
    COMMENT ON COLUMN app.people.ssn IS 'for example 000-02'; COMMENT ON COLUMN app.people.mail IS 'lower case';
    CREATE FUNCTION app.ran(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it ran'; END $$;
    CREATE TYPE app.level AS ENUM ('low', 'high');
    CREATE FUNCTION app.as_int(app.level) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it ran'; END $$;
    CREATE CAST (app.level AS int) WITH FUNCTION app.as_int(app.level) AS IMPLICIT;
    CREATE TABLE app.marks (id int, level app.level);
    CREATE VIEW app.plain AS SELECT id, name FROM app.people;
    CREATE VIEW app.leaky AS SELECT ssn AS number FROM app.people;
    CREATE VIEW app.outside AS SELECT token FROM vault.tokens;
    CREATE VIEW app.calls AS SELECT app.ran(id) AS x FROM app.people;
    CREATE VIEW app.open AS SELECT t.token, m.id FROM vault.tokens t LEFT JOIN app.marks m ON m.id = 1
      WHERE t.token <> 'a constant of the view';`);
  explorer = openExplorer({
    sources: [
      {
        id: "db",
        kind: "postgres",
        dsn: database.url(),
        schemas: ["app"],
        columns: { "app.people": { deny: ["ssn"], mask: ["mail"] } },
        trusted_views: ["app.open"],
      },
    ],
  });
});

afterAll(async () => {
  await explorer?.[Symbol.asyncDispose]();
  await database?.drop();
});

interface Column {
  name: string;
  access?: string;
  comment?: string;
}
const columnsOf = async (table: string) =>
  (await explorer.ask<{ columns: Column[] }>("describe_table", { table, samples: true })).columns;

test("of a denied column only name and type are told, wherever it is described or searched for", async () => {
  expect((await columnsOf("people")).map(({ name, access, comment }) => [name, access, comment])).toEqual([
    ["id", undefined, undefined],
    ["name", undefined, undefined],
    ["ssn", "denied", undefined],
    ["mail", "masked", "lower case"],
  ]);
  const everything = await Promise.all([
    explorer.ask("describe_table", { table: "people" }),
    explorer.ask("get_metadata"),
    explorer.ask("search_schema", { query: "example 000" }),
    explorer.ask("search_schema", { query: "ssn" }),
  ]);
  expect(JSON.stringify(everything)).not.toMatch(/000-0|hidden\.test|for example/);
});

test("a column closed for its type is marked, until the operator opens the type", async () => {
  expect((await columnsOf("marks")).map(({ name, access }) => [name, access])).toEqual([
    ["id", undefined],
    ["level", "closed"],
  ]);
  expect(await explorer.refused("query", { sql: "SELECT level FROM marks" })).toMatchObject({
    details: { reason: "column_not_allowed" },
  });
  await using opened = openExplorer({
    sources: [
      { id: "db", kind: "postgres", dsn: database.url(), schemas: ["app"], allow_functions: ["app.level"] },
    ],
  });
  const { columns } = await opened.ask<{ columns: Column[] }>("describe_table", { table: "marks" });
  expect(columns[1]).toMatchObject({ name: "level", enum_values: ["low", "high"] });
  expect(columns[1]?.access).toBeUndefined();
});

test.each([
  ["SELECT * FROM plain", "accepted", undefined],
  ["SELECT token FROM open", "accepted", undefined],
  ["SELECT number FROM leaky", "rejected", "column_not_allowed"],
  ["SELECT 1 FROM outside", "rejected", "table_not_allowed"],
  ["SELECT x FROM calls", "rejected", "table_not_allowed"],
])("validate_query says of %s what query would do: %s", async (sql, verdict, reason) => {
  const judged = await explorer.ask<{ verdict: string; reason?: string }>("validate_query", { sql });
  expect([judged.verdict, judged.reason]).toEqual([verdict, reason]);
  const answer = await explorer.call("query", { sql });
  if (answer.success) expect(verdict).toBe("accepted");
  else expect(answer.error.details?.reason).toBe(reason);
});

test("what a trusted view reads stays behind it: no names, no text of the view, in plans and answers", async () => {
  const told = await Promise.all([
    explorer.ask("query", { sql: "SELECT * FROM open" }),
    explorer.ask("explain_query", { sql: "SELECT o.token, p.name FROM open o JOIN people p ON p.id = o.id" }),
    explorer.ask("explain_query", { sql: "SELECT * FROM open", analyze: true }),
    explorer.ask("validate_query", { sql: "SELECT * FROM open" }),
  ]);
  expect(JSON.stringify(told)).not.toMatch(/vault|tokens|constant of the view/);
  expect(told[0]).toMatchObject({ tables_accessed: ["app.open", "app.marks"] });
  expect(told[1]).toMatchObject({ relations: expect.arrayContaining(["app.marks", "app.people"]) });
});

test("a name given as a value does not tell which schemas there are", async () => {
  const refusals = await Promise.all(
    ["vault.x", "nowhere.x", "x"].map((name) =>
      explorer.refused("query", { sql: `SELECT to_tsvector('${name}', 'word')`.padEnd(60) }),
    ),
  );
  for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
  expect(refusals[0]).toMatchObject({ code: "QUERY_ERROR" });
});
