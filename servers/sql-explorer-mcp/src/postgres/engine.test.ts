import { beforeAll, describe, expect, test } from "vitest";
import type { Access, Engine } from "../engine/engine.ts";
import { access, limits, request } from "./testing/access.ts";
import { postgresSuite } from "./testing/suite.ts";

const signal = new AbortController().signal;

const suite = postgresSuite(`
  CREATE SCHEMA app;
  CREATE SCHEMA hr;
  CREATE TABLE app.customers (id int PRIMARY KEY, name text, email text, token text);
  INSERT INTO app.customers SELECT n, 'name ' || n, n || '@mail', 'token ' || n FROM generate_series(1, 10) n;
  CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int REFERENCES app.customers, total numeric);
  INSERT INTO app.orders SELECT n, n % 10 + 1, n FROM generate_series(1, 50) n;
  CREATE TABLE app.hidden AS SELECT 'hidden word' AS word;
  CREATE TABLE hr.salaries AS SELECT 'salary' AS word;
  CREATE VIEW app.names AS SELECT id, name FROM app.customers;
  CREATE VIEW app.contacts AS SELECT id, email FROM app.customers;
  CREATE VIEW app.tokens AS SELECT id, length(token) AS size FROM app.customers;
  CREATE VIEW app.whole AS SELECT c FROM app.customers c;
  CREATE VIEW app.deep AS SELECT email FROM app.contacts;
  CREATE VIEW app.pay AS SELECT word FROM hr.salaries;
  CREATE VIEW app.pay_again AS SELECT word FROM app.pay;
  CREATE MATERIALIZED VIEW app.pay_copy AS SELECT word FROM hr.salaries;
  CREATE VIEW app.never AS SELECT word FROM hr.salaries WHERE false;
  CREATE TABLE app.people (id int, secret text) PARTITION BY RANGE (id);
  CREATE TABLE app.people_1 PARTITION OF app.people FOR VALUES FROM (0) TO (100);
  INSERT INTO app.people SELECT n, 'secret ' || n FROM generate_series(1, 5) n;
  CREATE TABLE app.log (id int, line text) PARTITION BY RANGE (id);
  CREATE TABLE app.log_1 PARTITION OF app.log FOR VALUES FROM (0) TO (100);
  CREATE TABLE app.log_2 PARTITION OF app.log FOR VALUES FROM (100) TO (200);
  INSERT INTO app.log SELECT n, 'line ' || n FROM generate_series(1, 199) n;
  ANALYZE;
`);

let engine: Engine;
beforeAll(() => {
  engine = suite.engine({ catalogTtlMs: 600_000 });
});

const app = access({ schemas: ["app"], excludeTables: ["app.hidden"] });
const run = (sql: string, as: Access = app, extra: Parameters<typeof request>[1] = {}) =>
  engine.query(request(sql, { access: as, ...extra }));

describe("the text that runs", () => {
  test("is the caller's own, with a LIMIT when there is none", async () => {
    const result = await run("SELECT id FROM orders ORDER BY id -- all of them", app, { maxRows: 2 });
    expect(result).toMatchObject({
      sqlExecuted: "SELECT id FROM orders ORDER BY id -- all of them\nLIMIT 3",
      rows: [[1], [2]],
      truncated: true,
      ordered: true,
      tables: ["app.orders"],
    });
  });

  test.each([
    ["SELECT id FROM orders ORDER BY id", [[5], [6]]],
    ["SELECT id FROM orders ORDER BY id OFFSET 10", [[15], [16]]],
    ["SELECT id FROM orders ORDER BY id LIMIT 6", [[5], [6]]],
    ["(SELECT id FROM orders) ORDER BY id FETCH FIRST 5 ROWS ONLY", [[5]]],
  ])("pages: %s", async (sql, rows) => {
    expect((await run(sql, app, { maxRows: 2, offset: 4 })).rows).toEqual(rows);
  });

  test.each([49, 50, 51])("tells exactly whether rows are missing at a limit of %i", async (maxRows) => {
    const result = await run("SELECT id FROM orders", app, { maxRows });
    expect({ rows: result.rows.length, truncated: result.truncated }).toEqual({
      rows: Math.min(maxRows, 50),
      truncated: maxRows < 50,
    });
  });
});

describe("refusals of the text", () => {
  test.each([
    ["SELECT * FROM app.hidden", "table_not_allowed"],
    ["SELECT * FROM hr.salaries", "schema_not_allowed"],
    ["SELECT 1; SELECT 2", "multiple_statements"],
    ["DELETE FROM orders", "forbidden_statement"],
    ["SELECT pg_sleep(1)", "dangerous_function"],
    ["SELECT * FROM pg_class", "system_catalog_not_allowed"],
    ["SELEC 1", "parse_error"],
    ["", "empty_statement"],
  ])("%s is %s", async (sql, reason) => {
    await expect(run(sql)).rejects.toMatchObject({ code: "VALIDATION_ERROR", details: { reason } });
    expect(await engine.check(sql, [], app, signal)).toMatchObject({ ok: false, reason });
  });

  test("too few parameters are refused before anything is sent", async () => {
    await expect(run("SELECT id FROM orders WHERE id = $1")).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
  });
});

describe("views", () => {
  const refused = { code: "VALIDATION_ERROR", details: { reason: "table_not_allowed" } };
  const checks = [true, false] as const;

  for (const planCheck of checks) {
    const as = (policy: Partial<Access["policy"]> = {}) =>
      access({ schemas: ["app"], ...policy }, { planCheck });

    test(`expand to what they read, plan check ${planCheck ? "on" : "off"}`, async () => {
      expect(await run("SELECT id FROM names ORDER BY id LIMIT 1", as())).toMatchObject({
        rows: [[1]],
        tables: ["app.names", "app.customers"],
      });
      for (const view of ["pay", "pay_again", "pay_copy", "never"]) {
        await expect(run(`SELECT * FROM ${view}`, as())).rejects.toMatchObject(refused);
      }
    });

    test(`that are trusted may read anything, plan check ${planCheck ? "on" : "off"}`, async () => {
      const trusting = as({ trustedViews: ["app.pay", "app.pay_copy"] });
      for (const view of ["pay", "pay_again", "pay_copy"]) {
        expect((await run(`SELECT word FROM ${view}`, trusting)).rows).toEqual([["salary"]]);
      }
      await expect(run("SELECT * FROM never", trusting)).rejects.toMatchObject(refused);
    });
  }
});

describe("column rules", () => {
  const ruled = access({
    schemas: ["app"],
    columns: { "app.customers": { deny: ["token"], mask: ["email"] }, "app.people": { deny: ["secret"] } },
  });
  const refused = { code: "VALIDATION_ERROR", details: { reason: "column_not_allowed" } };

  test("masked columns come back masked wherever they are an output", async () => {
    expect(await run("SELECT id, email FROM customers WHERE id = 1", ruled)).toMatchObject({
      columns: [
        { name: "id", type: "integer" },
        { name: "email", type: "text", masked: true },
      ],
      rows: [[1, "***"]],
    });
    expect((await run("SELECT email AS address FROM customers c LIMIT 1", ruled)).rows).toEqual([["***"]]);
  });

  test.each([
    "SELECT token FROM customers",
    "SELECT * FROM customers",
    "SELECT c FROM customers c",
    "SELECT id FROM customers WHERE token LIKE 'token%'",
    "SELECT upper(email) FROM customers",
    "SELECT id FROM customers WHERE email = '1@mail'",
    "SELECT count(*) FROM customers GROUP BY email",
    "SELECT max(x) FROM (SELECT email AS x FROM customers) q",
    "SELECT email FROM contacts",
    "SELECT id FROM contacts",
    "SELECT size FROM tokens",
    "SELECT email FROM deep",
    "SELECT w.c FROM whole w",
    "SELECT secret FROM people",
    "SELECT secret FROM people_1",
  ])("%s is refused", async (sql) => {
    await expect(run(sql, ruled)).rejects.toMatchObject(refused);
  });

  test.each([
    "SELECT email FROM customers UNION ALL SELECT email FROM customers",
    "SELECT email FROM customers UNION SELECT name FROM customers",
    "WITH q AS (SELECT email FROM customers) SELECT email FROM q",
    "SELECT (SELECT email FROM customers c WHERE c.id = o.id) AS x FROM orders o",
    "SELECT DISTINCT email FROM customers",
    `SELECT email AS ${"long_name_".repeat(8)} FROM customers UNION ALL SELECT email FROM customers`,
  ])("%s never shows a value", async (sql) => {
    const shown = await run(sql, ruled).then(
      (result) => JSON.stringify(result.rows),
      (error: unknown) => String((error as { code?: string }).code),
    );
    expect(shown).not.toContain("@mail");
  });

  test("a view that does not touch such columns is read, a trusted one in any case", async () => {
    expect((await run("SELECT name FROM names WHERE id = 1", ruled)).rows).toEqual([["name 1"]]);
    const trusting = access({ ...ruled.policy, trustedViews: ["app.contacts"] });
    expect((await run("SELECT email FROM contacts WHERE id = 1", trusting)).rows).toEqual([["1@mail"]]);
  });
});

describe("partitions", () => {
  test("count as their parent", async () => {
    const parentOnly = access({ schemas: ["app"], allowTables: ["app.log"] });
    const { rows, tables } = await run("SELECT count(*) FROM log", parentOnly);
    expect({ rows, tables }).toEqual({ rows: [[199]], tables: ["app.log"] });
  });

  test("an excluded part closes the parent where it is read, an excluded parent its parts", async () => {
    const noSecond = access({ schemas: ["app"], excludeTables: ["app.log_2"] });
    const refused = { code: "VALIDATION_ERROR", details: { reason: "table_not_allowed" } };
    await expect(run("SELECT count(*) FROM log", noSecond)).rejects.toMatchObject(refused);
    expect((await run("SELECT count(*) FROM log WHERE id < 50", noSecond)).rows).toEqual([[49]]);
    const noParent = access({ schemas: ["app"], excludeTables: ["app.log"] });
    await expect(run("SELECT count(*) FROM log_1", noParent)).rejects.toMatchObject(refused);
  });

  test("the login may lack every right on the parts themselves", async () => {
    const login = await suite.database.login("parts");
    await suite.database.run(`GRANT USAGE ON SCHEMA app TO ${login}; GRANT SELECT ON app.log TO ${login}`);
    const own = suite.engine({}, undefined, login);
    const parentOnly = access({ schemas: ["app"], allowTables: ["app.log"] });
    expect((await own.query(request("SELECT count(*) FROM log", { access: parentOnly }))).rows).toEqual([
      [199],
    ]);
  });
});

describe("the cost ceiling", () => {
  const cheap = access({ schemas: ["app"] }, { limits: { ...limits, maxCost: 50 } });

  test("refuses what the planner expects to be dear, every time", async () => {
    const sql = "SELECT count(*) FROM orders a, orders b, orders c";
    for (let n = 0; n < 2; n += 1) {
      await expect(run(sql, cheap)).rejects.toMatchObject({
        code: "COST_LIMIT_EXCEEDED",
        details: { max_cost: 50 },
      });
    }
    expect((await run("SELECT id FROM orders WHERE id = 1", cheap)).rows).toEqual([[1]]);
  });

  test("is checked again for a text that was fine before", async () => {
    await suite.database.run("CREATE TABLE app.growing AS SELECT 1 AS id; ANALYZE app.growing");
    const sql = "SELECT count(*) FROM growing";
    const own = suite.engine();
    const ask = () => own.query(request(sql, { access: cheap }));
    expect((await ask()).rows).toEqual([[1]]);
    expect((await ask()).rows).toEqual([[1]]);
    await suite.database.run(
      "INSERT INTO app.growing SELECT generate_series(1, 200000); ANALYZE app.growing",
    );
    await expect(ask()).rejects.toMatchObject({ code: "COST_LIMIT_EXCEEDED" });
  });
});

describe("a schema that changes", () => {
  test("a table made after the snapshot is found", async () => {
    const own = suite.engine();
    await own.query(request("SELECT 1", { access: app }));
    await suite.database.run("CREATE TABLE app.fresh AS SELECT 7 AS n");
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await own.query(request("SELECT n FROM fresh", { access: app }))).rows).toEqual([[7]]);
    expect(await own.check("SELECT n FROM app.fresh", [], app, signal)).toMatchObject({ ok: true });
  });

  test("a view replaced behind a known text shows nothing it may not", async () => {
    await suite.database.run("CREATE VIEW app.shifting AS SELECT 'fine'::text AS word");
    const own = suite.engine({ catalogTtlMs: 600_000 });
    const ask = () => own.query(request("SELECT word FROM shifting", { access: app }));
    expect((await ask()).rows).toEqual([["fine"]]);
    expect((await ask()).rows).toEqual([["fine"]]);
    await suite.database.run("CREATE OR REPLACE VIEW app.shifting AS SELECT word FROM hr.salaries");
    await expect(ask()).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
      details: { reason: "table_not_allowed" },
    });
  });
});

describe("near names", () => {
  test("of tables are offered, never of those that are closed", async () => {
    await expect(run("SELECT * FROM ordres")).rejects.toMatchObject({
      hint: "Did you mean app.orders?",
      details: { reason: "table_not_allowed", suggestions: ["app.orders"] },
    });
    expect(await engine.check("SELECT * FROM app.hiden", [], app, signal)).toMatchObject({
      ok: false,
      hint: expect.not.stringContaining("hidden"),
    });
  });

  test("of columns are offered when the server has none", async () => {
    await expect(run("SELECT nmae FROM customers")).rejects.toMatchObject({
      hint: expect.stringContaining("name"),
    });
  });
});

describe("roles", () => {
  test("the caller's text runs as the configured role and the next caller does not", async () => {
    const role = await suite.database.login("dropped");
    await suite.database.run(`GRANT USAGE ON SCHEMA app TO ${role}; GRANT SELECT ON app.orders TO ${role}`);
    const own = suite.engine({ poolMax: 1 });
    const as = (name?: string) =>
      own.query(
        request("SELECT name FROM customers WHERE id = 1", {
          access: access({ schemas: ["app"] }, name === undefined ? {} : { role: name }),
        }),
      );
    await expect(as(role)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    expect((await as()).rows).toEqual([["name 1"]]);
  });
});
