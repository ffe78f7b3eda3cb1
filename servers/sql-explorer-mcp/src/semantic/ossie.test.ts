import { expect, test } from "vitest";
import { model, modelFailure, shopModel } from "../../test/support/models.ts";

test("reads a whole document with the extension", async () => {
  const shop = await shopModel();
  expect(shop.warnings).toEqual([]);
  expect(shop).toMatchObject({
    name: "shop",
    owner: "data team",
    context: { instructions: "Amounts are in euro.", synonyms: ["webshop"] },
  });
  const [orders, customers] = shop.datasets;
  expect(orders).toMatchObject({
    source: { database: "shopdb", schema: "app", table: "orders" },
    primaryKey: ["id"],
    grain: "one order",
    owner: "sales",
    refresh: "hourly",
    qualityNotes: ["test orders have customer 0"],
    context: { synonyms: ["purchases", "sales"] },
  });
  expect(orders?.fields.find(({ name }) => name === "placed_at")).toMatchObject({
    column: "placed_at",
    isTime: true,
    isDimension: true,
    grains: ["day", "month"],
  });
  const net = orders?.fields.find(({ name }) => name === "net");
  expect(net).not.toHaveProperty("column");
  expect(net).toMatchObject({
    isTime: false,
    isDimension: false,
    defaultAggregation: "sum",
    expressions: [
      { dialect: "ANSI_SQL", sql: "amount - coalesce(discount, 0)" },
      { dialect: "DUCKDB", sql: "amount - ifnull(discount, 0)" },
    ],
  });
  expect(customers?.fields[0]).toMatchObject({ pii: "mask", column: "email", label: "contact" });
  expect(shop.relationships).toMatchObject([{ from: "orders", to: "customers", type: "many_to_one" }]);
  expect(shop.metrics).toMatchObject([
    {
      name: "revenue",
      type: "simple",
      datasets: ["orders"],
      timeField: "orders.placed_at",
      grains: ["month"],
    },
    { name: "buyers", datasets: ["customers"] },
    {
      name: "revenue_per_buyer",
      type: "ratio",
      inputs: ["revenue", "buyers"],
      datasets: ["customers", "orders"],
    },
  ]);
  expect(shop.metrics[0]?.filters).toEqual([{ field: "orders.customer_id", op: "ne", values: [0] }]);
  expect(shop.verifiedQueries).toMatchObject([{ datasets: ["orders"], verifiedAt: "2026-01-05" }]);
});

test("reads the draft's form with one model at the top", () => {
  const flat = model("version: 0.2.0.dev0\nname: m\nai_context: hello\ndatasets: [{name: a, source: a}]");
  expect(flat).toMatchObject({ name: "m", context: { instructions: "hello" }, warnings: [] });
});

test("several models become one; the document's context goes to each", () => {
  const both = model(`
version: "0.1.1"
ai_context: {instructions: all}
semantic_model:
  - {name: a, datasets: [{name: x, source: s.x}], metrics: [{name: m, expression: "count(x.id)"}]}
  - {name: b, ai_context: {instructions: only b}, datasets: [{name: y, source: s.y}]}
`);
  expect(both).toMatchObject({ name: "a, b", context: { instructions: "all\nall\nonly b" } });
  expect(both.datasets.map(({ name }) => name)).toEqual(["x", "y"]);
});

test("a relationship is one to one when its many side is a key; the extension has the last word", () => {
  const types = model(`
version: "0.2.0"
semantic_model:
  - name: m
    datasets:
      - {name: a, source: a, primary_key: [id], unique_keys: [[x, y]]}
      - {name: b, source: b, primary_key: [id]}
    relationships:
      - {name: one, from: a, to: b, from_columns: [id], to_columns: [id]}
      - {name: two, from: a, to: b, from_columns: [y, x], to_columns: [p, q]}
      - {name: three, from: a, to: b, from_columns: [x], to_columns: [id]}
      - {name: four, from: a, to: b, from_columns: [x], to_columns: [z], custom_extensions: [{vendor_name: SQL_EXPLORER, data: {type: many_to_many}}]}
`).relationships.map(({ type }) => type);
  expect(types).toEqual(["one_to_one", "one_to_one", "many_to_one", "many_to_many"]);
});

test("what the draft may have gained is ignored with a warning", () => {
  const { warnings } = model(`
version: 9
news: 1
semantic_model:
  - name: m
    relationship: []
    datasets: [{name: a, source: a, fields: [{name: f, expression: f, colour: red}]}]
`);
  expect(warnings).toEqual([
    "Semantic model: its Ossie version is not 0.1 or 0.2; it is read as 0.2.",
    'Semantic model: ignored "news".',
    'Semantic model, semantic_model[0]: ignored "relationship".',
    'Semantic model, semantic_model[0].datasets[0].fields[0]: ignored "colour".',
  ]);
});

const head = 'version: "0.2.0"\nname: m\n';
const a = "{name: a, source: a, fields: [{name: f, expression: f}]}";
const ours = (data: string) => `custom_extensions: [{vendor_name: SQL_EXPLORER, data: ${data}}]`;

test.each([
  ["semantic_model: []", "semantic_model: expected a list"],
  [`${head}datasets: []`, "datasets: Too small"],
  [`${head}datasets: [{name: a}]`, "datasets[0].source: expected string"],
  [`${head}datasets: [{name: a, source: "SELECT 1"}]`, "datasets[0].source: it is not a table's name"],
  [`${head}datasets: [${a}, ${a}]`, 'datasets "a": the name is used twice'],
  [
    `${head}datasets: [{name: a, source: a, fields: [{name: f, expression: f}, {name: f, expression: g}]}]`,
    'field "f": the name is used twice',
  ],
  [`${head}datasets: [{name: a, source: a, fields: [{name: f}]}]`, "fields[0].expression: expected object"],
  [
    `${head}datasets: [{name: a, source: a, fields: [{name: f, expression: "(x"}]}]`,
    "parentheses do not match",
  ],
  [
    `${head}datasets: [{name: a, source: a, fields: [{name: f, expression: "b.x"}]}, {name: b, source: b}]`,
    'it reads dataset "b"',
  ],
  [
    `${head}datasets: [${a}]\nrelationships: [{name: r, from: a, to: z, from_columns: [x], to_columns: [y]}]`,
    'there is no dataset "z"',
  ],
  [
    `${head}datasets: [${a}]\nrelationships: [{name: r, from: a, to: a, from_columns: [x], to_columns: [y, z]}]`,
    "differ in length",
  ],
  [
    `${head}datasets: [${a}]\nmetrics: [{name: q, expression: "sum(z.x)"}]`,
    'metric "q": there is no dataset "z"',
  ],
  [`${head}datasets: [${a}]\nmetrics: [{name: q, expression: "(SELECT 1)"}]`, "it holds a SELECT"],
  [`${head}datasets: [{name: a, source: a, ${ours("'{'")}}]`, "custom_extensions[0].data: it is not JSON"],
  [`${head}datasets: [{name: a, source: a, ${ours("'{\"owners\": 1}'")}}]`, 'unknown key "owners"'],
  [
    `${head}datasets: [{name: a, source: a, fields: [{name: f, expression: f, ${ours("{pii: yes}")}}]}]`,
    "fields[0].custom_extensions[0].data.pii",
  ],
  [
    `${head}datasets: [${a}]\nmetrics: [{name: q, expression: "sum(a.f)", ${ours("{dataset: z}")}}]`,
    'there is no dataset "z"',
  ],
  [
    `${head}datasets: [${a}]\nmetrics: [{name: q, expression: "sum(a.f)", ${ours("{time_field: a.z}")}}]`,
    'there is no field "a.z"',
  ],
  [
    `${head}datasets: [${a}]\nmetrics: [{name: q, expression: "sum(a.f)", ${ours("{type: ratio, inputs: [q]}")}}]`,
    "it has 1 inputs",
  ],
  [
    `${head}datasets: [${a}]\nmetrics: [{name: q, expression: "sum(a.f)", ${ours("{type: derived, inputs: [z]}")}}]`,
    'there is no metric "z"',
  ],
  [
    `${head}datasets: [${a}]\nmetrics: [{name: p, expression: "sum(a.f)", ${ours("{type: derived, inputs: [q]}")}}, {name: q, expression: "sum(a.f)", ${ours("{type: derived, inputs: [p]}")}}]`,
    "lead back to themselves",
  ],
  [
    `${head}datasets: [${a}]\n${ours("{verified_queries: [{question: q, sql: s, datasets: [z]}]}")}`,
    'there is no dataset "z"',
  ],
  [
    `${head}datasets: [${a}, {name: b, source: s.beta}]\n${ours("{verified_queries: [{question: q, sql: select 1 from s.BETA, datasets: [a]}]}")}`,
    'it reads "s.beta" without saying so',
  ],
])("%s", (yaml, part) => {
  expect(modelFailure(yaml)).toContain(part);
});

test("a metric that names no dataset may read any of several", () => {
  const several = model(
    `${head}datasets: [${a}, {name: b, source: b}]\nmetrics: [{name: q, expression: count(*)}]`,
  );
  expect(several.metrics[0]?.datasets).toEqual(["a", "b"]);
  expect(several.warnings).toEqual([
    'Semantic model, metric "q": it names no dataset; write columns as dataset.field.',
  ]);
  const one = model(`${head}datasets: [${a}]\nmetrics: [{name: q, expression: count(*)}]`);
  expect(one).toMatchObject({ metrics: [{ datasets: ["a"] }], warnings: [] });
});

test("a metric in a foreign dialect alone may read any dataset", () => {
  const foreign = model(`${head}
datasets: [${a}, {name: b, source: b}]
metrics: [{name: q, expression: {dialects: [{dialect: MDX, expression: "[x].[y]"}]}}]
`);
  expect(foreign.metrics[0]?.datasets).toEqual(["a", "b"]);
  expect(foreign.warnings).toEqual([
    'Semantic model, metric "q": no expression in ANSI_SQL, POSTGRES or DUCKDB.',
  ]);
});
