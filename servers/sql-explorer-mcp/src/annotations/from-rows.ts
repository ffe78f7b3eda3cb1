import { explain, fieldPath } from "../document/config-error.ts";
import { bounded, quote } from "../document/warnings.ts";
import type { Annotations } from "./annotation.ts";
import { normaliseAnnotation, type TableAnnotation, tableAnnotationSchema } from "./table-annotation.ts";

/** Columns read from an annotation table; others are ignored. */
const known: ReadonlySet<string> = new Set([
  ...Object.keys(tableAnnotationSchema.shape),
  "data_quality_notes",
  "refresh_frequency",
]);
const plainText: ReadonlySet<string> = new Set(["description", "owner", "refresh", "refresh_frequency"]);

/**
 * Annotations out of a table's rows; never throws. `table_name` (`schema.table` or `table`) is needed, `table_schema`
 * or `schema_name` may qualify it. Lists and mappings may be JSON text. A bad field is left out, a bad row skipped,
 * either with a warning.
 */
export function annotationsFromRows(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Annotations {
  const positions = new Map(columns.map((column, index) => [column.toLowerCase(), index]));
  const tableAt = positions.get("table_name");
  if (tableAt === undefined) {
    return { layers: [], warnings: ["The annotations table has no column table_name; it is not used."] };
  }
  const schemaAt = positions.get("table_schema") ?? positions.get("schema_name");
  const fields = [...positions].filter(([column]) => known.has(column));
  const layer = new Map<string, TableAnnotation>();
  const warnings: string[] = [];
  rows.forEach((row, index) => {
    const where = `Annotations table, row ${index + 1}`;
    const table = row[tableAt];
    if (typeof table !== "string" || table.trim() === "") {
      warnings.push(`${where}: table_name is empty; the row is skipped.`);
      return;
    }
    const schema = schemaAt === undefined ? undefined : row[schemaAt];
    const key = typeof schema === "string" && schema !== "" ? `${schema}.${table}` : table;
    if (layer.has(key)) {
      warnings.push(`${where}: ${quote(key)} is annotated twice; the first row is used.`);
      return;
    }
    const raw = Object.fromEntries(fields.map(([column, at]) => [column, decode(column, row[at])]));
    const { annotation, faults } = readable(raw);
    layer.set(key, annotation);
    for (const fault of faults) warnings.push(`${where} (${quote(key)}): ${fault}; the field is left out.`);
  });
  return { layers: [layer], warnings: bounded(warnings) };
}

/** JSON text becomes its value; text that is not JSON stays text. */
function decode(column: string, value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== "string" || plainText.has(column)) return value;
  const text = value.trim();
  if (!/^[[{]/.test(text)) return text;
  if (text.startsWith("{") && column !== "column_notes") return arrayLiteral(text) ?? text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** PostgreSQL's text form of a one-dimensional array, e.g. `{a,"b c"}`. */
function arrayLiteral(text: string): readonly string[] | undefined {
  if (text === "{}") return [];
  if (!/^\{(?:(?:"(?:[^"\\]|\\.)*"|[^",{}\\]+)(?:,(?!\})|(?=\})))*\}$/s.test(text)) return undefined;
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs)]
    .map(([whole, quoted]) => quoted?.replace(/\\(.)/gs, "$1") ?? whole)
    .filter((item) => item !== "NULL");
}

function readable(raw: Readonly<Record<string, unknown>>): {
  readonly annotation: TableAnnotation;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const fields = { ...(normaliseAnnotation(emptyToNull(raw)) as Record<string, unknown>) };
  for (;;) {
    const parsed = tableAnnotationSchema.safeParse(fields);
    if (parsed.success) return { annotation: parsed.data, faults };
    const issue = parsed.error.issues[0];
    const bad = issue?.path[0] ?? (issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined);
    if (issue === undefined || typeof bad !== "string") return { annotation: {}, faults: ["not readable"] };
    const { path, problem } = explain(issue);
    faults.push(path.length === 0 ? problem : `${fieldPath(path)}: ${problem}`);
    delete fields[bad];
  }
}

function emptyToNull(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      typeof value === "string" && value.trim() === "" ? null : value,
    ]),
  );
}
