import type { Relation, Snapshot } from "../catalog/snapshot.ts";
import { bounded, quote } from "../document/warnings.ts";
import { suggest } from "../search/suggest.ts";
import type { Annotations } from "./annotation.ts";
import type { TableAnnotation } from "./table-annotation.ts";

export type IsVisible = (schema: string, table: string) => boolean;

/**
 * What annotations say of tables, columns and related tables that the catalog does not have; bounded in number.
 * Nothing is said about a table `isVisible` refuses, nor is one suggested.
 */
export function annotationDrift(
  annotations: Annotations,
  snapshot: Snapshot,
  isVisible: IsVisible = () => true,
): readonly string[] {
  const tables = tableNames(snapshot, isVisible);
  const warnings = new Set<string>();
  for (const layer of annotations.layers) {
    for (const [key, annotation] of layer) {
      const relations = tables.find(key);
      if (relations.length > 0) {
        for (const warning of tableDrift(key, annotation, relations, tables)) warnings.add(warning);
      } else if (!tables.isHidden(key)) {
        warnings.add(`Annotations: there is no table ${quote(key)}${near(key, tables.names)}.`);
      }
    }
  }
  return bounded([...warnings]);
}

function tableDrift(
  key: string,
  annotation: TableAnnotation,
  relations: readonly Relation[],
  tables: TableNames,
): readonly string[] {
  const columns = new Set(relations.flatMap((relation) => relation.columns.map((column) => column.name)));
  const unknownColumns = Object.keys(annotation.column_notes ?? {}).filter((name) => !columns.has(name));
  const unknownTables = (annotation.related_tables ?? [])
    .map((related) => related.table)
    .filter((name) => tables.find(name).length === 0 && !tables.isHidden(name));
  return [
    ...unknownColumns.map(
      (name) => `Annotations of ${quote(key)}: there is no column ${quote(name)}${near(name, [...columns])}.`,
    ),
    ...unknownTables.map(
      (name) =>
        `Annotations of ${quote(key)}: there is no related table ${quote(name)}${near(name, tables.names)}.`,
    ),
  ];
}

function near(name: string, candidates: readonly string[]): string {
  const [best] = suggest(name, candidates);
  return best === undefined ? "" : ` (did you mean ${quote(best)}?)`;
}

interface TableNames {
  /** Visible names as an annotation may spell them. */
  readonly names: readonly string[];
  find(key: string): readonly Relation[];
  /** It exists but this reader may not know, or the name itself may not be told. */
  isHidden(key: string): boolean;
}

function tableNames(snapshot: Snapshot, isVisible: IsVisible): TableNames {
  const visible = new Map<string, Relation[]>();
  const hidden = new Set<string>();
  for (const relation of snapshot.relations) {
    const keys = [`${relation.schema}.${relation.name}`, relation.name];
    for (const key of keys) {
      if (isVisible(relation.schema, relation.name))
        visible.set(key, [...(visible.get(key) ?? []), relation]);
      else hidden.add(key);
    }
  }
  const schemas = snapshot.schemas.map((schema) => schema.name);
  return {
    names: [...visible.keys()],
    find: (key) => visible.get(key) ?? [],
    isHidden: (key) => {
      if (hidden.has(key)) return true;
      const dot = key.indexOf(".");
      if (dot > 0) return !isVisible(key.slice(0, dot), key.slice(dot + 1));
      return schemas.length > 0 && !schemas.some((schema) => isVisible(schema, key));
    },
  };
}
