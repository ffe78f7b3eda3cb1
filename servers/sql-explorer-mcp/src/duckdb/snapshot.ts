import { digest } from "@mcp-data/core";
import type { CatalogFacts, RelationFacts } from "@mcp-data/core/sql/duckdb";
import type { Column, ForeignKey, Relation, Snapshot } from "../catalog/snapshot.ts";
import type { FolderSource } from "./files/folder-source.ts";

/** What the engine said of itself, in the form every source answers with. */
export function buildSnapshot(
  facts: CatalogFacts,
  folder: FolderSource | undefined,
  takenAt: number,
): Snapshot {
  const labels = new Map(facts.types.map((type) => [enumType(type.labels), type.labels]));
  const versions = [...(folder?.files.values() ?? [])].map((file) => file.version);
  const { generation: _, ...content } = facts;
  return {
    epoch: digest({ content, versions }),
    takenAt,
    schemas: facts.schemas.map(({ name, comment }) => ({ name, ...given("comment", comment) })),
    relations: facts.relations.map((relation) => toRelation(relation, folder, labels)),
    foreignKeys: facts.relations.flatMap(foreignKeys),
    userFunctions: new Set(facts.macros.map(({ schema, name }) => `${schema}.${name}`)),
    warnings: [
      ...(folder?.warnings ?? []),
      ...facts.failed.map(({ name, message }) => `${folder?.files.get(name)?.shown ?? name}: ${message}`),
    ],
  };
}

function toRelation(
  facts: RelationFacts,
  folder: FolderSource | undefined,
  labels: ReadonlyMap<string, readonly string[]>,
): Relation {
  const file = folder?.files.get(facts.name);
  const primary = facts.constraints.find((constraint) => constraint.type === "PRIMARY KEY");
  return {
    schema: facts.schema,
    name: facts.name,
    kind: facts.kind === "view" && folder === undefined ? "view" : "table",
    ...given("comment", file === undefined ? facts.comment : `${file.format} file ${file.shown}`),
    ...given("rowEstimate", facts.estimate),
    ...given("bytes", file?.bytes),
    columns: facts.columns.map((column): Column => {
      const { name, type, nullable } = column;
      const values = labels.get(type);
      return {
        name,
        type,
        nullable,
        ...given("default", column.default),
        ...given("comment", column.comment),
        ...given("enumValues", values),
      };
    }),
    primaryKey: primary?.columns ?? [],
    indexes: [
      ...facts.indexes.map(({ name, columns, unique }) => ({ name, columns: indexColumns(columns), unique })),
      ...facts.constraints
        .filter(({ type }) => type === "PRIMARY KEY" || type === "UNIQUE")
        .map(({ name, columns }) => ({ name, columns, unique: true })),
    ],
    checks: facts.constraints
      .filter(({ type }) => type === "CHECK")
      .map(({ name, text }) => ({ name, expression: text.replace(/^CHECK\s*/, "") })),
    ...given("definition", folder === undefined ? facts.text : null),
  };
}

function foreignKeys(facts: RelationFacts): ForeignKey[] {
  return facts.constraints.flatMap((constraint) => {
    const { type, name, columns, referencedTable, referencedColumns } = constraint;
    if (type !== "FOREIGN KEY" || referencedTable === null) return [];
    // The engine keeps foreign keys within one schema.
    const { schema } = facts;
    return [
      {
        name,
        schema,
        table: facts.name,
        columns,
        referencedSchema: schema,
        referencedTable,
        referencedColumns,
      },
    ];
  });
}

/** `[a, "b c"]` as the engine prints an index's expressions. */
function indexColumns(printed: string): string[] {
  return printed
    .replace(/^\[|\]$/g, "")
    .split(/,\s*/)
    .map((part) => part.replace(/^['"]+|['"]+$/g, ""))
    .filter((part) => part !== "");
}

/** As the engine prints a column of that type. */
function enumType(labels: readonly string[]): string {
  return `ENUM(${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(", ")})`;
}

function given<Key extends string, Value>(key: Key, value: Value | null | undefined): { [K in Key]?: Value } {
  return value === undefined || value === null ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
