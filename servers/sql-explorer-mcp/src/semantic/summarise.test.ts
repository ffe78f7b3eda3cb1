import { expect, test } from "vitest";
import { model, shopModel, shopSnapshot } from "../../test/support/models.ts";
import { bindSemantic } from "./bind.ts";
import { summarise } from "./summarise.ts";

/** Names of a list in the summary. */
function names(summary: Record<string, unknown> | undefined, list: string): unknown[] {
  const items = summary?.[list];
  return Array.isArray(items) ? items.map((item: { name?: unknown }) => item.name) : [];
}

const shop = async () => bindSemantic(await shopModel(), shopSnapshot, []);

test("all of it, compact, for a reader who may see all tables", async () => {
  const summary = summarise(await shop(), () => true);
  expect(summary).toMatchObject({
    name: "shop",
    instructions: "Amounts are in euro.",
    relationships: [{ from: "orders", to: "customers", on: ["customer_id = id"], type: "many_to_one" }],
    verified_queries: [{ question: "Revenue by month?", verified_at: "2026-01-05" }],
  });
  const [orders, customers] = (summary?.datasets ?? []) as Record<string, unknown>[];
  expect(orders).toMatchObject({
    name: "orders",
    table: "app.orders",
    grain: "one order",
    primary_key: ["id"],
  });
  expect(orders?.fields).toEqual([
    { name: "id" },
    { name: "customer_id" },
    { name: "placed_at", datatype: "DateTimeTz", is_time: true, grains: ["day", "month"] },
    {
      name: "net",
      datatype: "Decimal",
      expression: "amount - coalesce(discount, 0)",
      default_aggregation: "sum",
    },
  ]);
  expect(customers?.fields).toEqual([
    { name: "email", label: "contact", pii: "mask", synonyms: ["mail address"] },
  ]);
  expect(names(summary, "metrics")).toEqual(["revenue", "buyers", "revenue_per_buyer"]);
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});

test("nothing that touches a hidden table is shown", async () => {
  const summary = summarise(await shop(), (_, table) => table === "orders");
  expect(names(summary, "metrics")).toEqual(["revenue"]);
  expect(summary?.datasets).toHaveLength(1);
  expect(summary).not.toHaveProperty("relationships");
  expect(JSON.stringify(summary)).not.toMatch(/customers|buyers|email|euro/);
  expect(JSON.stringify(summarise(await shop(), (_, table) => table === "customers"))).not.toMatch(
    /Revenue|amount/,
  );
  expect(summarise(await shop(), () => false)).toBeUndefined();
});

test("a table in no known schema is visible to nobody", () => {
  expect(
    summarise(model('version: "0.2"\nname: m\ndatasets: [{name: a, source: a}]'), () => true),
  ).toBeUndefined();
});

test("the names alone", async () => {
  const summary = summarise(await shop(), () => true, { detail: "names" });
  expect(summary?.datasets).toEqual([
    { name: "orders", table: "app.orders", description: "One row per order placed.", field_count: 4 },
    { name: "customers", table: "app.customers", field_count: 1 },
  ]);
  expect(summary?.metrics).toContainEqual({ name: "buyers" });
  expect(summary).not.toHaveProperty("verified_queries");
});

test("texts in dialects nobody here reads are not shown", () => {
  const foreign = model(`
version: "0.2"
name: m
datasets: [{name: a, source: s.a}]
metrics: [{name: q, expression: {dialects: [{dialect: MDX, expression: "[hidden]"}, {dialect: DUCKDB, expression: sum(a.x)}]}}]
`);
  expect(summarise(foreign, () => true)?.metrics).toEqual([
    { name: "q", expression: [{ dialect: "DUCKDB", sql: "sum(a.x)" }], datasets: ["a"] },
  ]);
});
