import { checkShape, configError, fieldPath } from "../document/config-error.ts";
import { readDocument } from "../document/read-document.ts";
import type { Annotations } from "./annotation.ts";
import { normaliseAnnotation, type TableAnnotation, tableAnnotationSchema } from "./table-annotation.ts";

/** Reads `tables: {"schema.table" | "table": {...}}`. Throws CONFIG_ERROR naming the field. */
export async function loadAnnotations(path: string): Promise<Annotations> {
  const { what, value } = await readDocument(path, "annotations");
  return parseAnnotations(value, what);
}

/** `what` names the document in errors. */
export function parseAnnotations(value: unknown, what: string): Annotations {
  if (value === null) return { layers: [], warnings: [`The ${what} is empty.`] };
  const root = mapping(value, [], what);
  const stranger = Object.keys(root).find((key) => key !== "tables");
  if (stranger !== undefined) {
    throw configError({
      what,
      field: fieldPath([stranger]),
      problem: "unknown key",
      fix: 'Put every table under "tables:", the only key at the top.',
    });
  }
  const tables = root.tables ?? {};
  const layer = new Map<string, TableAnnotation>();
  for (const [name, raw] of Object.entries(mapping(tables, ["tables"], what))) {
    layer.set(name, checkShape(tableAnnotationSchema, normaliseAnnotation(raw), what, ["tables", name]));
  }
  return { layers: [layer], warnings: [] };
}

function mapping(value: unknown, path: readonly string[], what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw configError({
    what,
    field: fieldPath(path),
    problem: `expected a mapping, received ${Array.isArray(value) ? "a list" : `a ${typeof value}`}`,
    fix: 'Write "tables:" and under it one entry per table.',
  });
}
