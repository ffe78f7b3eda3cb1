import { openEngineParser } from "@mcp-data/core/sql/duckdb";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { sqlColumns } from "../src/lineage/sql-columns.ts";

const parser = await openEngineParser(await import("@duckdb/node-api"));
afterAll(() => parser.close());

const known: Record<string, string[]> = {
  orders: ["id", "cust", "amount", "qty"],
  rates: ["cur", "rate"],
  people: ["cust", "name"],
};

async function columns(sql: string) {
  const parsed = await parser.parse(sql);
  if (!parsed.ok || parsed.tree === undefined) return undefined;
  return sqlColumns(parsed.tree, (table) => known[table]);
}

async function shown(sql: string): Promise<Record<string, string[]> | undefined> {
  const found = await columns(sql);
  return (
    found &&
    Object.fromEntries(
      found.columns.map(({ name, sources }) => [
        name,
        sources.map(({ table, column, code }) => `${table}.${column} ${code}`),
      ]),
    )
  );
}

test.each<[string, Record<string, string[]>]>([
  [
    "SELECT cust, amount * qty AS total FROM orders",
    { cust: ["orders.cust I"], total: ["orders.amount T", "orders.qty T"] },
  ],
  [
    "SELECT o.cust, p.name FROM orders o JOIN people p USING (cust)",
    { cust: ["orders.cust I"], name: ["people.name I"] },
  ],
  [
    "SELECT cust, sum(amount) s, count(qty) n FROM orders GROUP BY 1",
    { cust: ["orders.cust I"], s: ["orders.amount A"], n: ["orders.qty M"] },
  ],
  [
    "WITH t AS (SELECT cust AS c, amount + 1 AS a FROM orders) SELECT c, max(a) AS m FROM t GROUP BY c",
    { c: ["orders.cust I"], m: ["orders.amount A"] },
  ],
  [
    "SELECT * EXCLUDE (qty) REPLACE (id + 1 AS id) FROM orders",
    { id: ["orders.id T"], cust: ["orders.cust I"], amount: ["orders.amount I"] },
  ],
  ["SELECT cust FROM orders UNION ALL SELECT name FROM people", { cust: ["orders.cust I", "people.name I"] }],
  [
    "SELECT sum(amount) OVER (PARTITION BY cust ORDER BY id) AS w FROM orders",
    { w: ["orders.amount T", "orders.cust T", "orders.id T"] },
  ],
  [
    "SELECT CASE WHEN qty > 1 THEN amount ELSE 0 END AS c FROM orders",
    { c: ["orders.amount T", "orders.qty T"] },
  ],
  ["SELECT x.cust FROM (SELECT cust FROM orders WHERE qty > 1) x", { cust: ["orders.cust I"] }],
  ["SELECT 1 AS one, ORDERS.AMOUNT FROM orders", { one: [], AMOUNT: ["orders.amount I"] }],
])("%s", async (sql, expected) => {
  const found = await shown(sql);
  const sorted = (map: Record<string, string[]> | undefined) =>
    map && Object.fromEntries(Object.entries(map).map(([name, list]) => [name, [...list].sort()]));
  expect(sorted(found)).toEqual(sorted(expected));
});

test.each([
  "SELECT COLUMNS('a.*') FROM orders",
  "SELECT * FROM nobody_knows",
  "SELECT (SELECT max(rate) FROM rates) FROM orders",
  "SELECT a FROM orders JOIN unknown ON true",
  "SELECT * FROM orders PIVOT (sum(qty) FOR cust IN ('a'))",
  "CREATE TABLE t AS SELECT 1",
  "SELECT list_transform([1], x -> x + amount) FROM orders",
  // A macro may read tables of its own.
  "SELECT of_our_own(amount) FROM orders",
])("not surely understood, so not claimed: %s", async (sql) => {
  expect(await columns(sql)).toBeUndefined();
});

test("influences are the columns of filters, joins, groups and sorts", async () => {
  const found = await columns(
    "SELECT o.cust, sum(o.amount) s FROM orders o JOIN people p ON o.cust = p.cust WHERE o.qty > 1 GROUP BY o.cust ORDER BY s",
  );
  expect(found?.influences.map(({ table, column, kind }) => `${kind} ${table}.${column}`).sort()).toEqual([
    "FILTER orders.qty",
    "GROUP_BY orders.cust",
    "JOIN orders.cust",
    "JOIN people.cust",
    "SORT orders.amount",
  ]);
});

test("DISTINCT ON: what it is on, not what is shown", async () => {
  const found = await columns("SELECT DISTINCT ON (cust) amount FROM orders ORDER BY qty");
  expect(found?.influences.map(({ column, kind }) => `${kind} ${column}`)).toEqual([
    "GROUP_BY cust",
    "SORT qty",
  ]);
});

interface Generated {
  readonly sql: string;
  readonly truth: Record<string, string[]>;
}

/** A random SELECT over what is given, with the truth by construction. */
function wrap(inner: Generated, step: { kind: number; a: number; b: number }, depth: number): Generated {
  const names = Object.keys(inner.truth);
  const a = names[step.a % names.length] ?? "";
  const b = names[step.b % names.length] ?? "";
  const from = `(${inner.sql}) t${depth}`;
  const union = [...new Set([...(inner.truth[a] ?? []), ...(inner.truth[b] ?? [])])];
  switch (step.kind % 6) {
    case 0:
      return {
        sql: `SELECT *, "${a}" || "${b}" AS n${depth} FROM ${from}`,
        truth: { ...inner.truth, [`n${depth}`]: union },
      };
    case 1:
      return {
        sql: `SELECT "${a}" AS r${depth} FROM ${from} WHERE "${b}" IS NOT NULL`,
        truth: { [`r${depth}`]: inner.truth[a] ?? [] },
      };
    case 2:
      return {
        sql: `SELECT "${a}" AS g${depth}, max("${b}") AS m${depth} FROM ${from} GROUP BY 1`,
        truth: { [`g${depth}`]: inner.truth[a] ?? [], [`m${depth}`]: inner.truth[b] ?? [] },
      };
    case 3:
      return { sql: `WITH w AS (${inner.sql}) SELECT w.* FROM w ORDER BY "${a}"`, truth: inner.truth };
    case 4:
      return {
        sql: `SELECT coalesce("${a}", "${b}", 'x') AS c${depth}, "${b}" AS d${depth} FROM ${from}`,
        truth: { [`c${depth}`]: union, [`d${depth}`]: inner.truth[b] ?? [] },
      };
    default:
      return {
        sql: `SELECT "${a}" AS u${depth} FROM ${from} UNION SELECT "${b}" FROM ${from}`,
        truth: { [`u${depth}`]: union },
      };
  }
}

test("random statements of known provenance: what is claimed is exact", { timeout: 300_000 }, async () => {
  let claimed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ kind: fc.nat(5), a: fc.nat(20), b: fc.nat(20) }), { minLength: 1, maxLength: 6 }),
      async (steps) => {
        const start: Generated = {
          sql: "SELECT o.id, o.cust, o.amount, p.name FROM orders o JOIN people p ON o.cust = p.cust",
          truth: {
            id: ["orders.id"],
            cust: ["orders.cust"],
            amount: ["orders.amount"],
            name: ["people.name"],
          },
        };
        const { sql, truth } = steps.reduce((inner, step, depth) => wrap(inner, step, depth), start);
        const found = await columns(sql);
        if (found === undefined) return;
        claimed += 1;
        const said = Object.fromEntries(
          found.columns.map(({ name, sources }) => [
            name,
            sources.map(({ table, column }) => `${table}.${column}`).sort(),
          ]),
        );
        expect(said).toEqual(
          Object.fromEntries(Object.entries(truth).map(([name, list]) => [name, [...list].sort()])),
        );
      },
    ),
    { numRuns: 500 },
  );
  expect(claimed).toBeGreaterThan(330);
});
