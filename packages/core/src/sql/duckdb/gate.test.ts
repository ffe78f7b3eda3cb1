import { afterAll, beforeAll, expect, test } from "vitest";
import type { SqlPolicy } from "../policy.ts";
import type { Accepted } from "../verdict.ts";
import { createDuckdbGate } from "./gate.ts";
import { createFixture, type Fixture, policy } from "./testing/fixture.ts";
import { type TestGate, testGate } from "./testing/gate.ts";
import { type OpenInstance, openInstance } from "./testing/open-instance.ts";

let fixture: Fixture;
let open: OpenInstance;
let gate: TestGate;
let wide: TestGate;

beforeAll(async () => {
  fixture = await createFixture();
  open = await openInstance(fixture);
  gate = await testGate(open);
  wide = await testGate(open, ["main", "extra"]);
});

afterAll(async () => {
  gate.close();
  wide.close();
  open.close();
  await fixture.remove();
});

function check(sql: string, changes: Partial<SqlPolicy> = {}, params = 0) {
  return gate.gate.check(sql, { policy: { ...policy, ...changes }, catalog: gate.catalog, params });
}

async function accepted(sql: string, changes: Partial<SqlPolicy> = {}, params = 0): Promise<Accepted> {
  const verdict = await check(sql, changes, params);
  if (!verdict.ok) throw new Error(`${sql}: ${verdict.message}`);
  return verdict;
}

test("tells what a statement reads", async () => {
  const verdict = await accepted(
    "WITH big AS (SELECT id, person FROM v_orders JOIN orders USING (id)) SELECT p.name, sum(b.id) FROM big b JOIN people p ON p.id = b.person GROUP BY 1",
  );
  expect(verdict.tables.map((table) => `${table.schema}.${table.name}`).sort()).toEqual([
    "main.orders",
    "main.people",
    "main.v_orders",
  ]);
  expect(verdict.columns).toContain("main.people.name");
  expect(verdict.functions).toContain("sum");
});

test("reads the outermost LIMIT, OFFSET and ORDER BY", async () => {
  const limits: [string, object][] = [
    ["SELECT id FROM orders", { kind: "none", hasOffset: false }],
    ["SELECT id FROM orders LIMIT 5", { kind: "literal", count: 5, hasOffset: false }],
    ["SELECT id FROM orders LIMIT 5 OFFSET 2", { kind: "literal", count: 5, hasOffset: true }],
    ["SELECT id FROM orders OFFSET 2", { kind: "none", hasOffset: true }],
    ["SELECT id FROM orders LIMIT ALL", { kind: "other", hasOffset: false }],
    ["SELECT id FROM orders LIMIT 10%", { kind: "other", hasOffset: false }],
    ["SELECT id FROM orders LIMIT (SELECT 3)", { kind: "other", hasOffset: false }],
    ["SELECT * FROM (SELECT id FROM orders LIMIT 5)", { kind: "none", hasOffset: false }],
    ["SELECT 1 UNION ALL SELECT 2 LIMIT 1", { kind: "literal", count: 1, hasOffset: false }],
    ["DESCRIBE orders", { kind: "other", hasOffset: false }],
    ["SUMMARIZE orders", { kind: "other", hasOffset: false }],
  ];
  for (const [sql, limit] of limits) expect((await accepted(sql)).limit, sql).toEqual(limit);
  expect((await accepted("SELECT id FROM orders ORDER BY id")).ordered).toBe(true);
  expect((await accepted("SELECT * FROM (SELECT id FROM orders ORDER BY id)")).ordered).toBe(false);
});

test("cuts trailing semicolons and nothing else", async () => {
  const texts: [string, string][] = [
    ["SELECT 1", "SELECT 1"],
    ["SELECT 1;", "SELECT 1"],
    ["SELECT 1 ; ; -- end", "SELECT 1 "],
    ["SELECT ';';", "SELECT ';'"],
    ["SELECT 1 -- ; x", "SELECT 1 -- ; x"],
    ["SELECT 1 /* ; /* ; */ ; */ ; /* x */", "SELECT 1 /* ; /* ; */ ; */ "],
    ["SELECT $$;$$ ;", "SELECT $$;$$ "],
    ["SELECT E'\\';' AS a;", "SELECT E'\\';' AS a"],
    ['SELECT 1 AS ";" ;', 'SELECT 1 AS ";" '],
  ];
  for (const [sql, text] of texts) expect((await accepted(sql)).text, sql).toBe(text);
});

test("counts parameters and wants exactly as many", async () => {
  expect((await accepted("SELECT $1, $2, $1", {}, 2)).parameters).toBe(2);
  expect((await accepted("SELECT ?, ?", {}, 2)).parameters).toBe(2);
  expect(await check("SELECT $1", {}, 2)).toMatchObject({
    reason: "parse_error",
    details: { used: 1, passed: 2 },
  });
  expect(await check("SELECT $3", {}, 2)).toMatchObject({ reason: "parse_error" });
  expect(await check("SELECT $name", {}, 1)).toMatchObject({ reason: "parse_error" });
});

test("names the masked outputs by the names they come out under", async () => {
  expect((await accepted("SELECT email FROM people")).maskedOutputs).toEqual(["email"]);
  expect((await accepted("SELECT email AS Contact FROM people")).maskedOutputs).toEqual(["contact"]);
  expect((await accepted("SELECT * EXCLUDE (ssn) FROM people")).maskedOutputs).toEqual(["email"]);
  expect((await accepted("SELECT id FROM people")).maskedOutputs).toBeUndefined();
});

test("says which columns may be used instead", async () => {
  const verdict = await check("SELECT ssn FROM people");
  expect(verdict).toMatchObject({ reason: "column_not_allowed", details: { column: "ssn" } });
  expect(verdict).toHaveProperty("hint", expect.stringContaining("id, name"));
  expect(verdict).toHaveProperty("hint", expect.stringContaining("email"));
});

test("exclude wins over allow, and an allow list closes the rest", async () => {
  expect(await check("FROM secrets", { allowTables: ["secrets"] })).toMatchObject({
    reason: "table_not_allowed",
  });
  expect(await check("FROM orders", { allowTables: ["people"] })).toMatchObject({
    reason: "table_not_allowed",
  });
  expect(await check("FROM orders", { allowTables: ["main.ord*"] })).toMatchObject({ ok: true });
  expect(await check("FROM ORDERS", { excludeTables: ["Main.Orders"] })).toMatchObject({
    reason: "table_not_allowed",
  });
});

test("a withheld table reads like one that is not there", async () => {
  const withheld = await check("FROM secrets");
  const missing = await check("FROM nothing_x");
  expect(withheld).toMatchObject({ ok: false, details: { unknown: true } });
  expect(missing).toMatchObject({ ok: false, details: { unknown: true } });
});

test("a trusted view answers for the tables behind it", async () => {
  expect(await check("FROM v_secrets", { trustedViews: ["v_secrets"] })).toMatchObject({ ok: true });
  expect(await check("FROM v_all_people", { trustedViews: ["main.v_all_people"] })).toMatchObject({
    ok: true,
  });
  expect(await check("FROM v_nested_secrets", { trustedViews: ["v_secrets"] })).toMatchObject({ ok: true });
  expect(await check("FROM v_payroll", { trustedViews: ["v_secrets"] })).toMatchObject({
    reason: "schema_not_allowed",
  });
});

test("does not name the table behind a refused view", async () => {
  const verdict = await check("FROM v_nested_secrets");
  expect(verdict).toMatchObject({ ok: false, message: expect.stringContaining("main.v_nested_secrets") });
  expect(JSON.stringify(verdict)).not.toMatch(/ secrets\b/);
});

test("a view's bare names count in its own schema first", async () => {
  const context = { catalog: wide.catalog, params: 0 };
  const both: SqlPolicy = { schemas: ["main", "extra"] };
  const home = "SELECT k FROM extra.v_home";
  expect(await wide.gate.check(home, { ...context, policy: both })).toMatchObject({ ok: true });
  const excluded = { ...both, excludeTables: ["extra.orders"] };
  expect(await wide.gate.check(home, { ...context, policy: excluded })).toMatchObject({
    reason: "table_not_allowed",
  });
  // The engine's own word for it.
  expect(await open.rows(home, 1)).toContain("_extra");
});

test("bare names follow the search path", async () => {
  const both: SqlPolicy = { schemas: ["main", "extra"] };
  const found = await wide.gate.check("SELECT label FROM regions", { catalog: wide.catalog, policy: both });
  expect(found).toMatchObject({ ok: true, tables: [{ schema: "extra", name: "regions" }] });
  expect(await check("FROM regions", both)).toMatchObject({ reason: "table_not_allowed" });
  expect(await check("FROM extra.regions", both)).toMatchObject({ ok: true });
  expect(await check("FROM extra.regions")).toMatchObject({
    reason: "schema_not_allowed",
    hint: expect.stringContaining("main"),
  });
});

test("configuration adds functions, but not those that run SQL text", async () => {
  const allow = {
    functions: {
      allow: ["read_csv", "Current_Setting", "query", "read_duckdb"],
      allowPrefixes: ["st_", "q", "read_"],
    },
  };
  expect(await check("FROM read_csv('a.csv')", allow)).toMatchObject({ ok: true });
  expect(await check("SELECT current_setting('threads')", allow)).toMatchObject({ ok: true });
  expect(await check("SELECT st_area(1)", allow)).toMatchObject({ ok: true });
  expect(await check("FROM query('SELECT 1')", allow)).toMatchObject({ reason: "dangerous_function" });
  expect(await check("FROM query_table('secrets')", allow)).toMatchObject({ reason: "dangerous_function" });
  expect(await check("FROM read_duckdb('x')", allow)).toMatchObject({ reason: "dangerous_function" });
  // A prefix is for functions the engine does not bring itself.
  expect(await check("FROM read_text('a')", allow)).toMatchObject({ reason: "dangerous_function" });
});

test("a macro that takes the name of what the engine calls by itself is always looked at", async () => {
  const shadow = {
    ...gate.catalog,
    macros: (name: string) =>
      name === "struct_extract"
        ? [{ schema: "main", kind: "scalar" as const, body: "(SELECT max(k) FROM secrets)" }]
        : [],
  };
  expect(await gate.gate.check("SELECT 1", { policy, catalog: shadow })).toMatchObject({
    reason: "table_not_allowed",
  });
});

test("a view whose text cannot be read is refused", async () => {
  const broken = { ...gate.catalog, viewText: () => "CREATE VIEW v_orders AS SELECT FROM WHERE" };
  expect(await gate.gate.check("FROM v_orders", { policy, catalog: broken })).toMatchObject({
    reason: "table_not_allowed",
  });
});

test("an answer is remembered for the same text, policy, catalog and parameters only", async () => {
  let parsed = 0;
  const counting = createDuckdbGate({
    parse: async () => {
      parsed++;
      return { ok: true, statements: 1, tree: '{"statements":[{"node":{"type":"SELECT_NODE"}}]}' };
    },
  });
  const context = { policy, catalog: gate.catalog };
  await counting.check("SELECT 1", context);
  await counting.check("SELECT 1", context);
  expect(parsed).toBe(1);
  await counting.check("SELECT 1", { ...context, policy: { ...policy } });
  await counting.check("SELECT 1", { ...context, params: 1 });
  await counting.check("SELECT 1 ", context);
  expect(parsed).toBe(4);
});

test("a parser that cannot be reached is a failure, not a verdict", async () => {
  const dead = createDuckdbGate({ parse: () => Promise.reject(new Error("gone")) });
  await expect(dead.check("SELECT 1", { policy, catalog: gate.catalog })).rejects.toThrow("gone");
});

test("nodes, types and fields that are on no list are refused", async () => {
  const trees = [
    '{"type":"INSERT_NODE"}',
    '{"type":"SELECT_NODE","locking":[{}]}',
    '{"type":"SELECT_NODE","select_list":[{"class":"BOUND_X","type":"BOUND_X"}]}',
    '{"type":"SELECT_NODE","select_list":[{"class":"COLUMN_REF","type":"SOMETHING_ELSE"}]}',
    '{"type":"SELECT_NODE","select_list":[{"class":"CONSTANT","type":"VALUE_CONSTANT","value":{"type":{"id":"POINTER"}}}]}',
    '{"type":"SELECT_NODE","select_list":{"class":"STAR"}}',
    '{"type":"SELECT_NODE","from_table":{"type":"COLUMN_DATA"}}',
    '{"type":"SELECT_NODE","from_table":{"type":"BASE_TABLE","table_name":"orders","at_clause":{"unit":"VERSION"}}}',
    '{"type":"SELECT_NODE","modifiers":[{"type":"NEW_MODIFIER"}]}',
    '{"type":"SELECT_NODE","group_sets":[{"class":"FUNCTION"}]}',
    '{"type":"SELECT_NODE","sample":{"sample_size":{"class":"SUBQUERY"}}}',
    '{"type":"SELECT_NODE","sample":{"extra":1}}',
    '{"type":"SELECT_NODE","from_table":{"type":"JOIN","left":{"type":"NEW_REF"},"right":{"type":"EMPTY"}}}',
    '{"type":"SELECT_NODE","from_table":{"type":"PIVOT","source":{"type":"EMPTY"},"pivots":[{"pivot_enum":"x","entries":[]}]}}',
  ];
  for (const node of trees) {
    const fake = createDuckdbGate({
      parse: async () => ({ ok: true, statements: 1, tree: `{"statements":[{"node":${node}}]}` }),
    });
    expect(await fake.check("SELECT 1", { policy, catalog: gate.catalog }), node).toMatchObject({
      ok: false,
      reason: "forbidden_statement",
    });
  }
});
