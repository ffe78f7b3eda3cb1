import { beforeAll, expect, test } from "vitest";
import type { Access, Engine, ExplainRequest } from "../engine/engine.ts";
import { access, limits } from "./testing/access.ts";
import { postgresSuite } from "./testing/suite.ts";

const suite = postgresSuite(`
  CREATE TABLE big AS SELECT n AS id, n % 10 AS kind FROM generate_series(1, 5000) n;
  ALTER TABLE big ADD PRIMARY KEY (id);
  CREATE TABLE small AS SELECT n AS kind, 'name ' || n AS name FROM generate_series(0, 9) n;
  CREATE SCHEMA hr;
  CREATE TABLE hr.secret AS SELECT 1 AS id;
  CREATE VIEW peek AS SELECT id FROM hr.secret;
  ANALYZE;
`);

let engine: Engine;
beforeAll(() => {
  engine = suite.engine();
});

const explain = (sql: string, extra: Partial<ExplainRequest> = {}) =>
  engine.explain({
    sql,
    params: [],
    analyze: false,
    access: access(),
    timeoutMs: 5_000,
    signal: new AbortController().signal,
    ...extra,
  });

test("a plan is a small tree with the relations it reads", async () => {
  const result = await explain("SELECT b.id, s.name FROM big b JOIN small s USING (kind) WHERE b.id = 77");
  expect(result.relations.toSorted()).toEqual(["public.big", "public.small"]);
  expect(result).toMatchObject({ estimatedRows: 1, plan: { node: expect.stringContaining("Nested Loop") } });
  expect(result.totalCost).toBeGreaterThan(0);
  const [scan] = result.plan.children ?? [];
  expect(scan).toMatchObject({
    node: "Index Scan",
    relation: "public.big",
    index: "big_pkey",
    filter: "(b.id = 77)",
    rows: 1,
  });
  expect(scan).not.toHaveProperty("actualRows");
  expect(result).not.toHaveProperty("executionMs");
});

test("with analyze the statement runs and is timed", async () => {
  const result = await explain("SELECT count(*) FROM big WHERE kind = $1", { analyze: true, params: [3] });
  expect(result.executionMs).toBeGreaterThan(0);
  expect(result.plan).toMatchObject({ actualRows: 1, loops: 1 });
  expect(JSON.stringify(result.plan)).toContain('"actualRows":500');
});

test("analyze keeps to the time limit", async () => {
  await expect(
    explain("SELECT count(*) FROM big a, big b, big c", { analyze: true, timeoutMs: 200 }),
  ).rejects.toMatchObject({ code: "QUERY_TIMEOUT", details: { timeout_ms: 200 } });
});

test("a dear statement can be explained but not analyzed", async () => {
  const cheap: Access = access({}, { limits: { ...limits, maxCost: 1 } });
  expect((await explain("SELECT count(*) FROM big", { access: cheap })).totalCost).toBeGreaterThan(1);
  await expect(explain("SELECT count(*) FROM big", { access: cheap, analyze: true })).rejects.toMatchObject({
    code: "COST_LIMIT_EXCEEDED",
  });
});

test.each([true, false])("the walls stand, plan check %s", async (planCheck) => {
  const as = access({}, { planCheck });
  await expect(explain("SELECT * FROM peek", { access: as })).rejects.toMatchObject({
    details: { reason: "table_not_allowed" },
  });
  await expect(explain("DELETE FROM big", { access: as })).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  await expect(explain("SELECT nothing FROM big", { access: as })).rejects.toMatchObject({
    code: "QUERY_ERROR",
    details: { sqlstate: "42703", position: 8 },
  });
});
