import { beforeAll, describe, expect, test } from "vitest";
import type { Relation, Snapshot } from "../../catalog/snapshot.ts";
import { testEngine } from "../testing/engine.ts";
import { postgresSuite } from "../testing/suite.ts";

const signal = new AbortController().signal;

const suite = postgresSuite(`
  CREATE SCHEMA shop;
  COMMENT ON SCHEMA shop IS 'what is sold';
  CREATE SCHEMA "Odd.Name";
  CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'happy');
  CREATE DOMAIN shop.email AS text CHECK (VALUE LIKE '%@%');
  CREATE TABLE shop.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gone int,
    email shop.email NOT NULL,
    mood shop.mood DEFAULT 'ok',
    moods shop.mood[],
    balance numeric(10,2) NOT NULL DEFAULT 0 CHECK (balance >= 0),
    shout text GENERATED ALWAYS AS (upper(email)) STORED
  );
  ALTER TABLE shop.customers DROP COLUMN gone;
  COMMENT ON TABLE shop.customers IS 'who buys';
  COMMENT ON COLUMN shop.customers.email IS 'unique per customer';
  CREATE UNIQUE INDEX customers_email ON shop.customers (lower(email), id) WHERE balance > 0;
  CREATE INDEX customers_mood ON shop.customers USING hash (mood);
  INSERT INTO shop.customers (email) SELECT n || '@x' FROM generate_series(1, 50) n;
  CREATE TABLE shop.lines (order_id int, line int, sku text, PRIMARY KEY (order_id, line));
  CREATE TABLE shop.notes (a int, b int, text text,
    CONSTRAINT same FOREIGN KEY (a, b) REFERENCES shop.lines (order_id, line));
  CREATE TABLE shop.marks (line int, ord int,
    CONSTRAINT same FOREIGN KEY (ord, line) REFERENCES shop.lines (order_id, line));
  CREATE TABLE shop.events (id int, at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE shop.events_23 PARTITION OF shop.events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
  CREATE TABLE shop.events_24 PARTITION OF shop.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY LIST (id);
  CREATE TABLE shop.events_24_rest PARTITION OF shop.events_24 DEFAULT;
  INSERT INTO shop.events SELECT n, '2023-05-05' FROM generate_series(1, 30) n;
  INSERT INTO shop.events SELECT n, '2024-05-05' FROM generate_series(1, 12) n;
  CREATE VIEW shop.rich AS SELECT id, email FROM shop.customers WHERE balance > 100;
  CREATE MATERIALIZED VIEW shop.daily AS SELECT at, count(*) FROM shop.events GROUP BY at;
  CREATE TABLE "Odd.Name"."ta""ble" ("co lumn" int);
  CREATE SEQUENCE shop.tickets;
  CREATE FUNCTION shop.lookup(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ''x''';
  CREATE FUNCTION shop.approve(text) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
  CREATE FUNCTION shop.same(text, shop.mood) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
  CREATE OPERATOR shop.=~= (LEFTARG = text, RIGHTARG = shop.mood, FUNCTION = shop.same);
  CREATE DOMAIN shop.watched AS text CHECK (shop.approve(VALUE));
  CREATE DOMAIN shop.compared AS text CHECK (VALUE OPERATOR(shop.=~=) 'ok'::shop.mood);
  CREATE DOMAIN shop.narrower AS shop.watched;
  CREATE TYPE shop.holder AS (a int, b shop.watched[]);
  CREATE TYPE shop.watched_range AS RANGE (SUBTYPE = shop.narrower);
  CREATE TYPE shop.pair AS (a int, b int);
  CREATE TYPE shop.origin AS (a int);
  CREATE FUNCTION shop.to_pair(shop.origin) RETURNS shop.pair LANGUAGE plpgsql AS 'BEGIN RETURN (1, 2); END';
  CREATE CAST (shop.origin AS shop.pair) WITH FUNCTION shop.to_pair(shop.origin);
  CREATE FUNCTION shop.step(int, shop.mood) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
  CREATE AGGREGATE shop.sum(shop.mood) (SFUNC = shop.step, STYPE = int);
  CREATE EXTENSION file_fdw;
  CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE shop.outside (line text) SERVER files OPTIONS (program 'true');
  CREATE TEMP TABLE fleeting (id int);
  ANALYZE;
  CREATE TABLE shop.unknown_size (id int);
`);

let snapshot: Snapshot;
beforeAll(async () => {
  snapshot = await suite.engine().snapshot({ signal });
});

function relation(name: string, schema = "shop"): Relation {
  const found = snapshot.relations.find((one) => one.schema === schema && one.name === name);
  if (found === undefined) throw new Error(`${name} is not in the snapshot`);
  return found;
}

describe("the snapshot", () => {
  test("has every kind of relation, and nothing of the server's own", () => {
    expect(Object.fromEntries(snapshot.relations.map((one) => [one.name, one.kind]))).toEqual({
      customers: "table",
      lines: "table",
      notes: "table",
      marks: "table",
      unknown_size: "table",
      events: "partitioned_table",
      events_23: "partition",
      events_24: "partition",
      events_24_rest: "partition",
      rich: "view",
      daily: "materialized_view",
      'ta"ble': "table",
      outside: "foreign_table",
    });
    expect(snapshot.schemas).toEqual([
      { name: "Odd.Name" },
      { name: "public", comment: "standard public schema" },
      { name: "shop", comment: "what is sold" },
    ]);
  });

  test("tells columns as the server prints them", () => {
    const { columns, primaryKey, checks, comment } = relation("customers");
    expect(comment).toBe("who buys");
    expect(primaryKey).toEqual(["id"]);
    expect(checks).toEqual([{ name: "customers_balance_check", expression: "(balance >= (0)::numeric)" }]);
    const labels = ["sad", "ok", "happy"];
    expect(columns).toEqual([
      { name: "id", type: "bigint", nullable: false, default: "generated always as identity" },
      { name: "email", type: "shop.email", nullable: false, comment: "unique per customer" },
      { name: "mood", type: "shop.mood", nullable: true, default: "'ok'::shop.mood", enumValues: labels },
      { name: "moods", type: "shop.mood[]", nullable: true, enumValues: labels },
      { name: "balance", type: "numeric(10,2)", nullable: false, default: "0" },
      {
        name: "shout",
        type: "text",
        nullable: true,
        default: "generated always as (upper((email)::text))",
        generatedFrom: ["email"],
      },
    ]);
    expect(relation('ta"ble', "Odd.Name").columns).toEqual([
      { name: "co lumn", type: "integer", nullable: true },
    ]);
  });

  test("tells indexes with expressions, predicate and method", () => {
    expect(relation("customers").indexes).toEqual([
      {
        name: "customers_email",
        columns: ["lower(email::text)", "id"],
        unique: true,
        method: "btree",
        where: "(balance > (0)::numeric)",
      },
      { name: "customers_mood", columns: ["mood"], unique: false, method: "hash" },
      { name: "customers_pkey", columns: ["id"], unique: true, method: "btree" },
    ]);
  });

  test("pairs the columns of composite foreign keys, also when two share a name", () => {
    const lines = { name: "same", schema: "shop", referencedSchema: "shop", referencedTable: "lines" };
    expect(snapshot.foreignKeys).toEqual(
      expect.arrayContaining([
        { ...lines, table: "notes", columns: ["a", "b"], referencedColumns: ["order_id", "line"] },
        { ...lines, table: "marks", columns: ["ord", "line"], referencedColumns: ["order_id", "line"] },
      ]),
    );
    expect(snapshot.foreignKeys).toHaveLength(2);
  });

  test("gives estimates where there are statistics; a parent's is the sum of its parts", () => {
    expect(relation("customers").rowEstimate).toBe(50);
    expect(relation("events").rowEstimate).toBe(42);
    expect(relation("events_24").rowEstimate).toBe(12);
    expect(relation("events_24_rest").parent).toEqual({ schema: "shop", name: "events_24" });
    expect(relation("events_24_rest").ancestors).toEqual([
      { schema: "shop", name: "events_24" },
      { schema: "shop", name: "events" },
    ]);
    expect(relation("events")).not.toHaveProperty("ancestors");
    expect(relation("unknown_size")).not.toHaveProperty("rowEstimate");
    expect(relation("rich")).not.toHaveProperty("rowEstimate");
    expect(relation("customers").bytes).toBeGreaterThan(0);
  });

  test("names user functions that could do more than compute", () => {
    expect(snapshot.userFunctions).toContain("shop.lookup");
  });

  test.each([
    ["an operator", "shop.=~="],
    ["an aggregate", "shop.sum"],
    ["a domain whose check calls one", "shop.watched"],
    ["a domain whose check has an operator that calls one", "shop.compared"],
    ["a domain over such a domain", "shop.narrower"],
    ["its array", "shop._watched"],
    ["a composite type that holds it", "shop.holder"],
    ["a range of it", "shop.watched_range"],
    ["a type cast by one", "shop.origin"],
    ["a type one casts to", "shop.pair"],
  ])("names %s", (_, name) => {
    expect(snapshot.userFunctions).toContain(name);
  });

  test("does not name types that only the engine's own functions touch", () => {
    for (const name of ["shop.mood", "shop.email", "shop._mood", "pg_catalog.text", "pg_catalog.int4"]) {
      expect(snapshot.userFunctions).not.toContain(name);
    }
  });
});

describe("the epoch", () => {
  test("stays while only rows and statistics change, and moves with every change of the schema", async () => {
    const engine = suite.engine();
    const epoch = async () => (await engine.snapshot({ fresh: true, signal })).epoch;
    const first = await epoch();
    await suite.database.run("INSERT INTO shop.events SELECT 1, '2023-02-02'; ANALYZE shop.events");
    expect(await epoch()).toBe(first);
    const seen = new Set([first]);
    for (const change of [
      "ALTER TABLE shop.lines ADD COLUMN extra int",
      "COMMENT ON COLUMN shop.lines.extra IS 'more'",
      "CREATE OR REPLACE VIEW shop.rich AS SELECT id, email FROM shop.customers WHERE balance > 200",
      "ALTER TABLE shop.lines RENAME COLUMN extra TO other",
      "CREATE FUNCTION shop.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "ALTER TYPE shop.mood ADD VALUE 'great'",
    ]) {
      await suite.database.run(change);
      const next = await epoch();
      expect(seen, change).not.toContain(next);
      seen.add(next);
    }
  });
});

describe("a login with few rights", () => {
  test("sees only what it may read, column by column", async () => {
    const login = await suite.database.login("few");
    await suite.database.run(`
      GRANT USAGE ON SCHEMA shop TO ${login};
      GRANT SELECT ON shop.events, shop.rich TO ${login};
      GRANT SELECT (id, mood) ON shop.customers TO ${login};
      GRANT INSERT ON shop.lines TO ${login};
      GRANT SELECT ON "Odd.Name"."ta""ble" TO ${login};`);
    const engine = testEngine(suite.database.url(login));
    const { relations, schemas } = await engine.snapshot({ signal });
    expect(schemas.map((schema) => schema.name)).toEqual(["public", "shop"]);
    expect(relations.map((one) => [one.name, one.columns.map((column) => column.name)])).toEqual([
      ["customers", ["id", "mood"]],
      ["events", ["id", "at"]],
      ["rich", ["id", "email"]],
    ]);
    await engine.close();
  });

  test("the catalog is seen as the role it is read as", async () => {
    const role = await suite.database.login("role");
    await suite.database.run(`GRANT USAGE ON SCHEMA shop TO ${role}; GRANT SELECT ON shop.lines TO ${role}`);
    const { relations } = await suite.engine({ role }).snapshot({ signal });
    expect(relations.map((one) => one.name)).toEqual(["lines"]);
  });
});

describe("an empty database", () => {
  test("has an empty snapshot", async () => {
    const login = await suite.database.login("nobody");
    await suite.database.run(`REVOKE ALL ON SCHEMA public FROM PUBLIC`);
    const engine = testEngine(suite.database.url(login));
    expect(await engine.snapshot({ signal })).toMatchObject({ relations: [], schemas: [], foreignKeys: [] });
    await engine.close();
  });
});
