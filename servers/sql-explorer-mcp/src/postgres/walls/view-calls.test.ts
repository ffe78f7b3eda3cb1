import { beforeAll, describe, expect, test } from "vitest";
import type { Access, Engine } from "../../engine/engine.ts";
import { access, request } from "../testing/access.ts";
import { postgresSuite } from "../testing/suite.ts";

const signal = new AbortController().signal;

// Each function that must not run says so when it does.
const suite = postgresSuite(`
  CREATE SCHEMA app;
  CREATE SCHEMA hr;
  CREATE TABLE app.t AS SELECT 1 AS id, 'a' AS word;
  CREATE TABLE hr.salaries AS SELECT 'salary'::text AS word;
  CREATE FUNCTION app.evil(x text) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the function ran'; END $$;
  CREATE FUNCTION app.elevated(x text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT x';
  CREATE FUNCTION app.calls_evil(x text) RETURNS text LANGUAGE sql STABLE AS 'SELECT app.evil(x)';
  CREATE FUNCTION app.reads_file() RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT pg_catalog.pg_read_file('/etc/hostname') $$;
  CREATE FUNCTION app.reads_pay() RETURNS text LANGUAGE sql STABLE AS 'SELECT word FROM hr.salaries';
  CREATE FUNCTION app.shadows(word text) RETURNS text LANGUAGE sql STABLE AS 'SELECT word FROM app.t';
  CREATE FUNCTION app.word_of(wanted int) RETURNS text LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT t.word FROM app.t WHERE t.id = wanted; END;
  CREATE FUNCTION app.doubled(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
  CREATE FUNCTION app.tripled(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 3';
  CREATE FUNCTION app.first_word() RETURNS text LANGUAGE sql STABLE AS 'SELECT word FROM app.t LIMIT 1';
  CREATE FUNCTION app.halved(n int) RETURNS int LANGUAGE sql IMMUTABLE RETURN n / 2;
  CREATE FUNCTION app.same(a text, b text) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the operator ran'; END $$;
  CREATE OPERATOR app.=~= (LEFTARG = text, RIGHTARG = text, FUNCTION = app.same);
  CREATE DOMAIN app.watched AS text CHECK (app.evil(VALUE) IS NOT NULL);
  CREATE FUNCTION app.step(state int, next int) RETURNS int LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the aggregate ran'; END $$;
  CREATE AGGREGATE app.total(int) (SFUNC = app.step, STYPE = int, INITCOND = '0');

  CREATE VIEW app.v_evil AS SELECT app.evil('x') AS word;
  CREATE VIEW app.v_rows AS SELECT id, app.evil(word) AS word FROM app.t;
  CREATE VIEW app.v_nested AS SELECT word FROM app.v_evil;
  CREATE VIEW app.v_elevated AS SELECT app.elevated('x') AS word;
  CREATE VIEW app.v_wrapped AS SELECT app.calls_evil('x') AS word;
  CREATE VIEW app.v_file AS SELECT app.reads_file() AS word;
  CREATE VIEW app.v_builtin AS SELECT pg_catalog.pg_read_file('/etc/hostname') AS word;
  CREATE VIEW app.v_pay AS SELECT app.reads_pay() AS word;
  CREATE VIEW app.v_operator AS SELECT id FROM app.t WHERE word OPERATOR(app.=~=) 'a';
  CREATE VIEW app.v_domain AS SELECT id FROM app.t WHERE word::app.watched <> '';
  CREATE VIEW app.v_total AS SELECT app.total(id) AS sum FROM app.t;

  CREATE VIEW app.v_doubled AS SELECT app.doubled(id) AS n FROM app.t;
  CREATE VIEW app.v_tripled AS SELECT app.tripled(id) AS n FROM app.t;
  CREATE VIEW app.v_halved AS SELECT app.halved(id * 8) AS n FROM app.t;
  CREATE VIEW app.v_first AS SELECT app.first_word() AS word;
  CREATE VIEW app.v_word AS SELECT app.word_of(id) AS word FROM app.t;
  CREATE VIEW app.v_shadows AS SELECT app.shadows('x') AS word;
  CREATE VIEW app.v_over AS SELECT n + 1 AS n FROM app.v_doubled;
  CREATE MATERIALIZED VIEW app.m_elevated AS SELECT word FROM app.v_elevated;
`);

let engine: Engine;
beforeAll(() => {
  engine = suite.engine({ catalogTtlMs: 600_000 });
});

const refused = {
  code: "VALIDATION_ERROR",
  hint: expect.stringContaining("trusted_views"),
  details: { reason: "table_not_allowed" },
};
const run = (sql: string, as: Access) => engine.query(request(sql, { access: as }));

const closed = [
  "v_evil",
  "v_rows",
  "v_nested",
  "v_elevated",
  "v_wrapped",
  "v_file",
  "v_builtin",
  "v_pay",
  "v_shadows",
  "v_operator",
  "v_domain",
  "v_total",
];

describe.each([true, false])("plan check %s", (planCheck) => {
  const as = (policy: Partial<Access["policy"]> = {}) =>
    access({ schemas: ["app"], ...policy }, { planCheck });

  test.each(closed)(
    "query, explain and samples refuse %s, which calls what is not known to be harmless",
    async (view) => {
      const sql = `SELECT * FROM ${view}`;
      await expect(run(sql, as())).rejects.toMatchObject(refused);
      for (const analyze of [false, true]) {
        const asked = { sql, params: [], analyze, timeoutMs: 5_000, access: as(), signal };
        await expect(engine.explain(asked)).rejects.toMatchObject(refused);
      }
      const column = ["v_operator", "v_domain"].includes(view) ? "id" : view === "v_total" ? "sum" : "word";
      await expect(
        engine.samples({ schema: "app", name: view }, [column], 3, as(), signal),
      ).rejects.toMatchObject(refused);
    },
  );

  test.each([
    ["v_doubled", [[2]]],
    ["v_tripled", [[3]]],
    ["v_halved", [[4]]],
    ["v_over", [[3]]],
    ["v_first", [["a"]]],
    ["v_word", [["a"]]],
    ["m_elevated", [["x"]]],
  ])("%s is read", async (view, rows) => {
    expect((await run(`SELECT * FROM ${view}`, as())).rows).toEqual(rows);
  });

  test("the operator opens a view, or the function itself", async () => {
    expect((await run("SELECT * FROM v_elevated", as({ trustedViews: ["app.v_elevated"] }))).rows).toEqual([
      ["x"],
    ]);
    expect(
      (await run("SELECT * FROM v_elevated", as({ functions: { allow: ["app.elevated"] } }))).rows,
    ).toEqual([["x"]]);
  });

  test("what a function reads is held to the caller's own rules", async () => {
    await expect(run("SELECT * FROM v_first", as({ excludeTables: ["app.t"] }))).rejects.toMatchObject(
      refused,
    );
    const masked = as({ columns: { "app.t": { mask: ["word"] } } });
    await expect(run("SELECT * FROM v_first", masked)).rejects.toMatchObject(refused);
  });
});
