import { compilePolicy, type SqlPolicy } from "@mcp-data/core";
import { expect, test } from "vitest";
import { describeRelation } from "./describe-relation.ts";
import { isVisible } from "./relation-rules.ts";
import type { Relation } from "./snapshot.ts";
import { type CatalogView, indexRelations } from "./view.ts";

const people: Relation = {
  schema: "app",
  name: "people_eu",
  kind: "partition",
  ancestors: [{ schema: "app", name: "people" }],
  columns: [
    { name: "id", type: "integer", nullable: false },
    { name: "ssn", type: "text", nullable: false, default: "'000-00'", enumValues: ["000-01"] },
    { name: "phone", type: "text", nullable: true },
    {
      name: "start",
      type: "text",
      nullable: true,
      generatedFrom: ["ssn"],
      default: "generated always as (\"left\"(ssn, 3) || '00-2')",
    },
    { name: "level", type: "text", nullable: true, default: "'new'" },
  ],
  primaryKey: ["id"],
  indexes: [
    { name: "by_level", columns: ["level"], unique: false, where: "(ssn = '000-03'::text)" },
    { name: "by_ssn", columns: ["ssn", "(ssn = '000-06'::text)"], unique: true },
    { name: "by_id", columns: ["id"], unique: true, where: "(level = 'new'::text)" },
  ],
  checks: [
    { name: "no_test", expression: "(ssn <> '000-04'::text)" },
    { name: "no_fax", expression: "(phone <> '000-05'::text)" },
    { name: "positive", expression: "(id > 0)" },
  ],
};

const policyOf = (policy: Partial<SqlPolicy>) => compilePolicy({ schemas: ["app"], ...policy });

function describe(policy: Partial<SqlPolicy>) {
  const view = {
    snapshot: { foreignKeys: [] },
    policy: policyOf(policy),
    relations: [people],
    annotations: { layers: [] },
    find: indexRelations([people]),
  } as unknown as CatalogView;
  return describeRelation(view, people);
}

test("what is written in the schema about withheld columns, a parent's among them, is not shown", () => {
  const shown = describe({ columns: { "app.people": { deny: ["ssn"], mask: ["phone"] } } });
  expect(JSON.stringify(shown)).not.toContain("000-0");
  expect(shown.columns.map(({ name, access }) => [name, access])).toEqual([
    ["id", undefined],
    ["ssn", "denied"],
    ["phone", "masked"],
    ["start", "denied"],
    ["level", undefined],
  ]);
  expect(shown.checks.map(({ name }) => name)).toEqual(["positive"]);
  expect(shown.indexes).toMatchObject([
    { name: "by_level", columns: ["level"] },
    { name: "by_ssn", columns: ["ssn", "(withheld)"] },
    { name: "by_id", where: "(level = 'new'::text)" },
  ]);
  expect(shown.indexes[0]).not.toHaveProperty("where");
});

test("without rules all of it is shown", () => {
  const shown = describe({});
  expect(shown.checks).toHaveLength(3);
  expect(shown.indexes).toEqual(people.indexes);
  expect(shown.columns[1]).toMatchObject({ default: "'000-00'", enum_values: ["000-01"] });
});

test("an excluded table takes its partitions along", () => {
  expect(isVisible(policyOf({ excludeTables: ["people"] }), people)).toBe(false);
  expect(isVisible(policyOf({ allowTables: ["people_eu"] }), people)).toBe(true);
});
