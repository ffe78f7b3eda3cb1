import { beforeAll, describe, expect, test } from "vitest";
import type { Access, Engine } from "../../engine/engine.ts";
import { access, request } from "../testing/access.ts";
import { postgresSuite } from "../testing/suite.ts";

const signal = new AbortController().signal;

const suite = postgresSuite(`
  CREATE SCHEMA app;
  CREATE TYPE app.level AS ENUM ('low', 'high');
  CREATE TYPE app.plain AS ENUM ('low', 'high');
  CREATE TABLE app.t AS SELECT 1 AS id, 'low'::app.level AS level, ARRAY['low']::app.level[] AS levels, 'low'::app.plain AS plain;
  CREATE VIEW app.v AS SELECT id, level FROM app.t;
  CREATE TABLE app.rowed AS SELECT 1 AS id;
  CREATE FUNCTION app.ran(app.level) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the cast ran'; END $$;
  CREATE FUNCTION app.ran_row(app.rowed) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the cast ran'; END $$;
  CREATE FUNCTION app.as_text(app.level) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the cast ran'; END $$;
  CREATE CAST (app.level AS int) WITH FUNCTION app.ran(app.level) AS IMPLICIT;
  CREATE CAST (app.level AS text) WITH FUNCTION app.as_text(app.level);
  CREATE CAST (app.rowed AS int) WITH FUNCTION app.ran_row(app.rowed);
`);

let engine: Engine;
beforeAll(() => {
  engine = suite.engine({ catalogTtlMs: 600_000 });
});

const refused = { code: "VALIDATION_ERROR", details: { reason: "column_not_allowed" } };

describe.each([true, false])("plan check %s", (planCheck) => {
  const as = (policy: Partial<Access["policy"]> = {}) =>
    access({ schemas: ["app"], ...policy }, { planCheck });
  const run = (sql: string, own = as()) => engine.query(request(sql, { access: own }));

  test.each([
    "SELECT level + 1 FROM t",
    "SELECT level::int FROM t",
    "SELECT level::text FROM t",
    "SELECT x::text FROM (SELECT level AS x FROM t) q",
    "SELECT c::text FROM t AS q(a, c)",
    "SELECT id FROM t WHERE level = 1",
    "SELECT levels::text[] FROM t",
    "SELECT level::text FROM v",
    "SELECT * FROM t",
    "SELECT r::int FROM rowed r",
  ])("%s is refused", async (sql) => {
    await expect(run(sql)).rejects.toMatchObject(refused);
    expect(await engine.check(sql, [], as(), signal)).toMatchObject({
      ok: false,
      reason: "column_not_allowed",
    });
  });

  test("the other columns are read, and samples leave such columns out", async () => {
    expect((await run("SELECT id, plain, plain::text FROM t")).rows).toEqual([[1, "low", "low"]]);
    expect(
      await engine.samples({ schema: "app", name: "t" }, ["id", "level", "levels", "plain"], 3, as(), signal),
    ).toEqual({ id: ["1"], plain: ["low"] });
  });

  test("the operator opens the type", async () => {
    const opened = as({ functions: { allow: ["app.level"] } });
    expect((await run("SELECT level FROM t", opened)).rows).toEqual([["low"]]);
    await expect(run("SELECT level::int FROM t", opened)).rejects.toMatchObject({
      message: expect.stringContaining("the cast ran"),
    });
  });

  test("the refusal tells the operator's way out", async () => {
    await expect(run("SELECT level FROM t")).rejects.toMatchObject({
      hint: expect.stringContaining("functions.allow"),
    });
  });
});
