import { expect, test } from "vitest";
import type { Relation } from "../catalog/snapshot.ts";
import { adviseOnPlan } from "./plan-advice.ts";
import { shortPlan } from "./short-plan.ts";

const orders: Relation = {
  schema: "app",
  name: "orders",
  kind: "table",
  rowEstimate: 50_000,
  columns: ["id", "customer_id", "note"].map((name) => ({ name, type: "text", nullable: true })),
  primaryKey: ["id"],
  indexes: [{ name: "orders_pkey", columns: ["id"], unique: true }],
  checks: [],
};
const find = (name: string) => (name === "app.orders" ? orders : undefined);
const scan = { node: "Seq Scan", relation: "app.orders", filter: "(customer_id = 7)", rows: 10, cost: 900 };

test("a large filtered scan is pointed at, with the column an index would need", () => {
  expect(adviseOnPlan({ node: "Limit", children: [scan] }, find)).toEqual({
    warnings: ["Sequential scan of app.orders (about 50000 rows) to apply a filter."],
    indexHints: ["An index on app.orders (customer_id) could serve this filter."],
  });
});

test("an index that exists but is not used is said instead of proposed", () => {
  const { indexHints } = adviseOnPlan({ ...scan, filter: "(lower(id) = 'x')" }, find);
  expect(indexHints).toEqual([expect.stringContaining("An index on id exists but was not used")]);
});

test("small tables, scans without a filter and unknown relations are left alone", () => {
  expect(adviseOnPlan({ ...scan, relation: "app.other" }, find).warnings).toEqual([]);
  expect(adviseOnPlan({ node: "Seq Scan", relation: "app.orders" }, find).warnings).toEqual([]);
  expect(adviseOnPlan(scan, () => ({ ...orders, rowEstimate: 200 })).warnings).toEqual([]);
});

test("estimates far from the truth are said, small numbers are noise", () => {
  const advise = (rows: number, actualRows: number) =>
    adviseOnPlan({ node: "Hash Join", rows, actualRows }, find).warnings.length;
  expect(advise(10, 5_000)).toBe(1);
  expect(advise(5_000, 10)).toBe(1);
  expect(advise(1, 50)).toBe(0);
  expect(advise(1_000, 3_000)).toBe(0);
});

test("the short plan indents by level, keeps order and stops at its length", () => {
  const { lines, cut } = shortPlan({
    node: "Hash Join",
    cost: 12.5,
    rows: 3,
    children: [
      scan,
      {
        node: "Index Scan",
        relation: "app.orders",
        index: "orders_pkey",
        actualRows: 1,
        actualMs: 0.2,
        loops: 4,
      },
    ],
  });
  expect(cut).toBe(false);
  expect(lines).toEqual([
    "Hash Join (cost=12.5, rows≈3)",
    "  Seq Scan on app.orders (cost=900, rows≈10) filter: (customer_id = 7)",
    "  Index Scan on app.orders using orders_pkey (actual rows=1, 0.2 ms, ×4)",
  ]);
  const deep = Array.from({ length: 300 }).reduce<{ node: string; children?: never[] }>(
    (inner) => ({ node: "Append", children: [inner] as never[] }),
    { node: "Result" },
  );
  expect(shortPlan(deep)).toMatchObject({ cut: true });
});
