import { expect, test } from "vitest";
import { model, shopModel, shopSnapshot } from "../../test/support/models.ts";
import { relation, snapshot } from "../../test/support/snapshots.ts";
import { bindSemantic } from "./bind.ts";
import { semanticDrift } from "./drift.ts";

test("a model that fits gives nothing", async () => {
  expect(semanticDrift(bindSemantic(await shopModel(), shopSnapshot, []), shopSnapshot)).toEqual([]);
});

const drifted = `
version: "0.2"
name: m
datasets:
  - {name: orders, source: app.orders, primary_key: [order_id], fields: [{name: total, expression: amont}, {name: ok, expression: AMOUNT}]}
  - {name: gone, source: app.custmers}
  - {name: customers, source: app.customers}
relationships:
  - {name: a, from: orders, to: customers, from_columns: [custmer_id], to_columns: [id]}
  - {name: b, from: orders, to: customers, from_columns: [customer_id], to_columns: [email]}
  - {name: c, from: orders, to: gone, from_columns: [x], to_columns: [y]}
metrics:
  - {name: m, expression: sum(orders.amout) + sum(orders.total) + sum(orders.amount) + count(orders.*)}
`;

test("tables, columns, keys and metrics that do not fit are told with the nearest name", () => {
  expect(semanticDrift(model(drifted), shopSnapshot)).toEqual([
    'Dataset "gone": there is no table "app.custmers" (did you mean "app.customers"?).',
    'Dataset "orders": key "order_id" is no column.',
    'Dataset "orders": field "amont" is no column (did you mean "amount"?).',
    'Relationship "a": "orders" has no column "custmer_id".',
    'Relationship "b": no key says that "email" of "customers" is unique; a join could multiply rows.',
    'Metric "m": "orders" has no field or column "amout" (did you mean "amount"?).',
  ]);
});

test("a unique index counts as a key, a partial one does not", () => {
  const text = `
version: "0.2"
name: m
datasets: [{name: a, source: s.a}, {name: b, source: s.b}]
relationships: [{name: r, from: a, to: b, from_columns: [x], to_columns: [y]}]
`;
  const withIndex = (where?: string) =>
    snapshot(
      relation("s.a", ["x"]),
      relation("s.b", ["y"], {
        indexes: [{ name: "i", columns: ["y"], unique: true, ...(where === undefined ? {} : { where }) }],
      }),
    );
  expect(semanticDrift(model(text), withIndex())).toEqual([]);
  expect(semanticDrift(model(text), withIndex("y > 0"))).toHaveLength(1);
});

test("a reader learns nothing of hidden tables", () => {
  const visible = (schema: string, table: string) => schema === "app" && table === "orders";
  const text = semanticDrift(model(drifted), shopSnapshot, visible).join("\n");
  expect(text).not.toMatch(/customers|custmers|email/);
  expect(text).toContain('"amont"');
});

test("the number is bounded", () => {
  const datasets = Array.from({ length: 99 }, (_, at) => `{name: d${at}, source: app.gone_${at}}`).join(", ");
  expect(semanticDrift(model(`version: "0.2"\nname: m\ndatasets: [${datasets}]`), shopSnapshot)).toHaveLength(
    21,
  );
});
