import type { TableAnnotation } from "./table-annotation.ts";

/** Keys are `schema.table`, or `table` for the tables of that name in every schema. */
export type AnnotationLayer = ReadonlyMap<string, TableAnnotation>;

/** Annotations of one source, strongest layer first. */
export interface Annotations {
  readonly layers: readonly AnnotationLayer[];
  /** What was wrong with rows or files and did not stop loading; bounded. */
  readonly warnings: readonly string[];
}

export const noAnnotations: Annotations = { layers: [], warnings: [] };

/** Earlier arguments win, field by field: pass the file's before the table's. */
export function mergeAnnotations(...all: readonly Annotations[]): Annotations {
  return { layers: all.flatMap((one) => one.layers), warnings: all.flatMap((one) => one.warnings) };
}

/**
 * What is known of one table; undefined when nothing is. Within a layer `schema.table` wins over `table`.
 * Texts and lists are taken whole from the strongest entry that has them, column notes column by column.
 */
export function annotationFor(
  annotations: Annotations,
  schema: string,
  table: string,
): TableAnnotation | undefined {
  const entries = annotations.layers.flatMap((layer) =>
    [layer.get(`${schema}.${table}`), layer.get(table)].filter((entry) => entry !== undefined),
  );
  return entries.length === 0 ? undefined : entries.reduce(combine, {});
}

function combine(strong: TableAnnotation, weak: TableAnnotation): TableAnnotation {
  return { ...weak, ...strong, ...notes({ ...weak.column_notes, ...strong.column_notes }) };
}

/** Without a prototype: a column may be called `constructor`. */
function notes(merged: Readonly<Record<string, string>>): Pick<TableAnnotation, "column_notes"> {
  if (Object.keys(merged).length === 0) return {};
  return { column_notes: Object.assign(Object.create(null) as Record<string, string>, merged) };
}
