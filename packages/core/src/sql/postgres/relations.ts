import type { RangeVar } from "libpg-query";
import { type ColumnRules, throughGenerated } from "../compiled-policy.ts";
import { clipName, listNames } from "../names.ts";
import type { GateRelation } from "../policy.ts";
import type { TableAccess } from "../verdict.ts";
import type { Analysis } from "./analysis.ts";
import { isSystemSchema } from "./function-names.ts";
import { refuse } from "./refusal.ts";

export interface ResolvedRelation {
  readonly table: TableAccess;
  readonly columns: readonly string[] | undefined;
  readonly rules: ColumnRules | undefined;
}

/** The table a name in FROM means, when it may be read; refuses otherwise. Not for names of common table expressions. */
export function resolveRelation(range: RangeVar, analysis: Analysis): ResolvedRelation {
  const name = range.relname ?? "";
  if (range.catalogname !== undefined) {
    refuse(
      "schema_not_allowed",
      `The name ${clipName(`${range.catalogname}.${range.schemaname}.${name}`)} has three parts; only schema.table is accepted.`,
      "Leave the database name out.",
    );
  }
  const resolved =
    range.schemaname === undefined
      ? resolveBare(name, analysis)
      : resolveIn(range.schemaname, name, analysis);
  const { schema } = resolved.table;
  analysis.tables.set(JSON.stringify([schema, name]), resolved.table);
  return resolved;
}

function resolveBare(name: string, analysis: Analysis): ResolvedRelation {
  const { policy, catalog } = analysis;
  if (name.startsWith("pg_") || catalog?.relation("pg_catalog", name) !== undefined) refuseSystem(name);
  if (catalog !== undefined) {
    const schema = catalog.searchPath.find((candidate) => catalog.relation(candidate, name) !== undefined);
    if (schema !== undefined) return resolveIn(schema, name, analysis);
    return refuse(
      "table_not_allowed",
      `There is no table ${clipName(name)} in ${listNames(catalog.searchPath)}.`,
      "Look it up with list_tables or search_schema, and write schema.table.",
      { unknown_table: clipName(name) },
    );
  }
  const [first, ...others] = policy.schemas;
  if (first === undefined) {
    return refuse(
      "schema_not_allowed",
      "No schema is allowed on this source.",
      "Ask the operator to allow one.",
    );
  }
  const found = resolveIn(first, name, analysis);
  // Without a catalog the name may be found in a later schema: none may forbid it.
  const rules = [found.rules, ...others.map((schema) => resolveIn(schema, name, analysis).rules)];
  return { ...found, rules: joinRules(rules) };
}

function resolveIn(schema: string, name: string, analysis: Analysis): ResolvedRelation {
  const { policy, catalog } = analysis;
  const shown = `${schema}.${name}`;
  if (isSystemSchema(schema)) refuseSystem(shown);
  judgeTable(schema, name, shown, analysis);
  const relation = catalog?.relation(schema, name);
  if (catalog !== undefined && relation === undefined) {
    refuse(
      "table_not_allowed",
      `There is no table ${clipName(shown)}.`,
      "Look it up with list_tables or search_schema.",
      { unknown_table: clipName(shown) },
    );
  }
  if (relation !== undefined) judgeKind(relation);
  for (const parent of relation?.parents ?? []) {
    if (policy.table(parent.schema, parent.name) === "excluded") refuseTable(shown, analysis);
  }
  return {
    table: { schema, name },
    columns: relation?.columns,
    rules: throughGenerated(
      relation?.generated,
      joinRules([
        policy.columns(schema, name),
        ...(relation?.parents ?? []).map((parent) => policy.columns(parent.schema, parent.name)),
      ]),
    ),
  };
}

function judgeTable(schema: string, name: string, shown: string, analysis: Analysis): void {
  const judgement = analysis.policy.table(schema, name);
  if (judgement === "allowed") return;
  if (judgement === "schema") {
    refuse(
      "schema_not_allowed",
      `The schema ${clipName(schema)} is not allowed.`,
      `Allowed schemas: ${listNames(analysis.policy.schemas)}.`,
      { schema: clipName(schema), allowed_schemas: analysis.policy.schemas.slice(0, 20) },
    );
  }
  refuseTable(shown, analysis);
}

function judgeKind(relation: GateRelation): void {
  const words: Partial<Record<GateRelation["kind"], string>> = {
    foreign_table: "a foreign table, which reaches outside this database",
    sequence: "a sequence",
    other: "not a table or view",
  };
  const found = words[relation.kind];
  if (found === undefined) return;
  refuse(
    "table_not_allowed",
    `${clipName(`${relation.schema}.${relation.name}`)} is ${found}.`,
    "Read tables, views and materialized views.",
  );
}

function refuseTable(shown: string, analysis: Analysis): never {
  return refuse(
    "table_not_allowed",
    `The table ${clipName(shown)} is not allowed.`,
    `list_tables shows what may be read in ${listNames(analysis.policy.schemas)}.`,
    { table: clipName(shown) },
  );
}

function refuseSystem(shown: string): never {
  return refuse(
    "system_catalog_not_allowed",
    `${clipName(shown)} belongs to the server's catalogs, which are closed.`,
    "Use list_tables, describe_table, search_schema and get_metadata to learn about tables and columns.",
    { table: clipName(shown) },
  );
}

function joinRules(rules: readonly (ColumnRules | undefined)[]): ColumnRules | undefined {
  const held = rules.filter((rule) => rule !== undefined);
  if (held.length < 2) return held[0];
  return (column) => {
    const judgements = held.map((rule) => rule(column));
    return judgements.includes("deny") ? "deny" : judgements.find((judgement) => judgement !== undefined);
  };
}
