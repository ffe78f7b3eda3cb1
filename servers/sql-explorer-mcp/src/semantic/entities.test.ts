import { expect, test } from "vitest";
import { model, modelFailure } from "../../test/support/models.ts";

test("the plan's form becomes the same model", () => {
  const cases = model(`
entities:
  case:
    table: app.cases
    primary_key: case_id
    description: One case per client.
    columns:
      case_id: {description: Key}
      client name: {pii: true}
      hours: {aggregation: SUM}
      note: free text
      other:
    relationships:
      - {column: owner_id, references: worker.id, type: many_to_one}
      - {column: region, references: regions}
  worker: {table: workers, primary_key: [id], relationships: [{column: id, references: app.cases.backup_id, type: one_to_many}]}
  area: {table: regions, primary_key: code}
`);
  expect(cases.warnings).toEqual([]);
  expect(cases.datasets[0]).toMatchObject({
    name: "case",
    source: { schema: "app", table: "cases" },
    primaryKey: ["case_id"],
    description: "One case per client.",
  });
  expect(cases.datasets[0]?.fields).toMatchObject([
    { name: "case_id", description: "Key", pii: "none" },
    { name: "client name", column: "client name", pii: "mask", expressions: [{ sql: '"client name"' }] },
    { name: "hours", defaultAggregation: "sum" },
    { name: "note", description: "free text" },
    { name: "other" },
  ]);
  expect(cases.relationships.map(({ context, ...rest }) => rest)).toEqual([
    {
      name: "case.owner_id → worker.id",
      from: "case",
      to: "worker",
      fromColumns: ["owner_id"],
      toColumns: ["id"],
      type: "many_to_one",
    },
    {
      name: "case.region → area.code",
      from: "case",
      to: "area",
      fromColumns: ["region"],
      toColumns: ["code"],
      type: "many_to_one",
    },
    {
      name: "case.backup_id → worker.id",
      from: "case",
      to: "worker",
      fromColumns: ["backup_id"],
      toColumns: ["id"],
      type: "many_to_one",
    },
  ]);
});

test("an entity without table is its own name; no entities is said", () => {
  expect(model("entities: {my.odd name: {}}").datasets[0]?.source).toEqual({ table: "my.odd name" });
  expect(model("entities: {}").warnings).toEqual(["Semantic model: it has no entities."]);
});

test.each([
  ["entities: []", "entities: expected record, received array"],
  ["entities: {a: {tabel: x}}", 'entities.a: unknown key "tabel"'],
  ["entities: {a: {table: a; drop}}", 'entity "a", table: it is not a table\'s name'],
  ["entities: {a: {columns: {c: {aggregation: mode}}}}", "entities.a.columns.c.aggregation"],
  ["entities: {a: {relationships: [{column: c, references: b.id}]}}", 'there is no entity "b.id"'],
  [
    "entities: {a: {relationships: [{column: c, references: b}]}, b: {}}",
    'entity "b" has no primary key of one column',
  ],
  [
    "entities: {a: {relationships: [{column: c, references: b}]}, b: {primary_key: [x, y]}}",
    "no primary key of one column",
  ],
  ["entities: {a: {}}\nextra: 1", 'unknown key "extra"'],
])("%s", (yaml, part) => {
  expect(modelFailure(yaml)).toContain(part);
});
