import { untrusted } from "@mcp-data/core";
import { z } from "zod";
import { annotationFor } from "../annotations/annotation.ts";
import type { TableAnnotation } from "../annotations/table-annotation.ts";
import { closedOf } from "./opened.ts";
import { rulesOf } from "./relation-rules.ts";
import type { Column, Relation } from "./snapshot.ts";
import { type CatalogView, visibleForeignKeys } from "./view.ts";

const text = z.string();

/** Whatever people wrote into the database stands together at the end, fenced as one. */
export const relationSchema = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  row_estimate: z.number().nullable().optional(),
  partition_of: z.string().optional(),
  primary_key: z.array(z.string()),
  foreign_keys: z.array(
    z.object({
      columns: z.array(z.string()),
      references: z.string(),
      referenced_columns: z.array(z.string()),
    }),
  ),
  referenced_by: z.array(
    z.object({ table: z.string(), columns: z.array(z.string()), referenced_columns: z.array(z.string()) }),
  ),
  description: untrusted(text).optional(),
  columns: untrusted(
    z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        nullable: z.boolean(),
        default: text.optional(),
        comment: text.optional(),
        note: text.optional(),
        access: z.enum(["masked", "denied", "closed"]).optional(),
        enum_values: z.array(text).optional(),
        samples: z.array(text).optional(),
      }),
    ),
  ),
  indexes: untrusted(
    z.array(
      z.object({
        name: z.string(),
        columns: z.array(z.string()),
        unique: z.boolean(),
        method: z.string().optional(),
        where: text.optional(),
      }),
    ),
  ),
  checks: untrusted(z.array(z.object({ name: z.string(), expression: text }))),
  annotations: untrusted(
    z.object({
      use_cases: z.array(text).optional(),
      quality_notes: z.array(text).optional(),
      owner: text.optional(),
      refresh: text.optional(),
      synonyms: z.array(text).optional(),
      related_tables: z
        .array(z.object({ table: z.string(), join_hint: text.optional(), note: text.optional() }))
        .optional(),
    }),
  ).optional(),
});

export type DescribedRelation = z.input<typeof relationSchema>;
export type Samples = Readonly<Record<string, readonly string[]>>;

/** All that is known of one relation, as a caller of this view may see it. */
export function describeRelation(
  view: CatalogView,
  relation: Relation,
  samples: Samples = {},
): DescribedRelation {
  const { schema, name } = relation;
  const annotation = annotationFor(view.annotations, schema, name);
  const rules = rulesOf(view.policy, relation);
  const isClosed = closedOf(view.policy, relation);
  const keys = visibleForeignKeys(view);
  const description = annotation?.description ?? relation.comment;
  const withheld = relation.columns.filter((column) => rules(column.name) !== undefined);
  // Text of the schema can hold values of a withheld column.
  const isColumn = (text: string) => relation.columns.some((column) => column.name === text);
  const tells = (text: string) => withheld.some((column) => text.includes(column.name));
  return {
    schema,
    name,
    kind: relation.kind,
    ...(description === undefined ? {} : { description }),
    row_estimate: relation.rowEstimate ?? null,
    columns: relation.columns.map((column) => ({
      ...describeColumn(column, withheld.includes(column) || tells(column.default ?? "")),
      ...optional("note", annotation?.column_notes?.[column.name]),
      ...accessOf(rules(column.name), isClosed(column.name)),
      ...optional("samples", samples[column.name]?.slice()),
    })),
    primary_key: [...relation.primaryKey],
    foreign_keys: keys
      .filter((key) => key.schema === schema && key.table === name)
      .map((key) => ({
        columns: [...key.columns],
        references: `${key.referencedSchema}.${key.referencedTable}`,
        referenced_columns: [...key.referencedColumns],
      })),
    referenced_by: keys
      .filter((key) => key.referencedSchema === schema && key.referencedTable === name)
      .map((key) => ({
        table: `${key.schema}.${key.table}`,
        columns: [...key.columns],
        referenced_columns: [...key.referencedColumns],
      })),
    indexes: relation.indexes.map(({ where, columns, ...index }) => ({
      ...index,
      columns: columns.map((key) => (isColumn(key) || !tells(key) ? key : "(withheld)")),
      ...optional("where", tells(where ?? "") ? undefined : where),
    })),
    checks: relation.checks.filter((check) => !tells(check.expression)).map((check) => ({ ...check })),
    ...(relation.parent === undefined
      ? {}
      : { partition_of: `${relation.parent.schema}.${relation.parent.name}` }),
    ...(annotation === undefined
      ? {}
      : { annotations: { ...annotation, ...relatedTables(view, annotation) } }),
  };
}

/** Names of tables the caller may not see are left out. */
function relatedTables(view: CatalogView, { related_tables: related }: TableAnnotation) {
  if (related === undefined) return {};
  const isVisible = (table: string) =>
    view.relations.some(({ schema, name }) => table === name || table === `${schema}.${name}`);
  return { related_tables: related.filter(({ table }) => isVisible(table)) };
}

function describeColumn(column: Column, withheld: boolean) {
  return {
    name: column.name,
    type: column.type,
    nullable: column.nullable,
    ...optional("default", withheld ? undefined : column.default),
    ...optional("comment", column.comment),
    ...optional("enum_values", withheld ? undefined : column.enumValues?.slice()),
  };
}

function accessOf(
  judgement: "deny" | "mask" | undefined,
  closed: boolean,
): { access?: "masked" | "denied" | "closed" } {
  if (closed && judgement !== "deny") return { access: "closed" };
  if (judgement === undefined) return {};
  return { access: judgement === "deny" ? "denied" : "masked" };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
