import { z } from "zod";

const text = z.string().trim().min(1).max(4_000);
const texts = z.array(text).max(100);

const relatedTableSchema = z.strictObject({
  /** `schema.table` or `table`. */
  table: text,
  join_hint: text.exactOptional(),
  note: text.exactOptional(),
});

export const tableAnnotationSchema = z.strictObject({
  description: text.exactOptional(),
  use_cases: texts.exactOptional(),
  quality_notes: texts.exactOptional(),
  owner: text.exactOptional(),
  refresh: text.exactOptional(),
  related_tables: z.array(relatedTableSchema).max(200).exactOptional(),
  column_notes: z.record(z.string().min(1), text).exactOptional(),
  synonyms: texts.exactOptional(),
});

/** What people know of a table and its catalog does not say. */
export type TableAnnotation = z.output<typeof tableAnnotationSchema>;

const aliases: Readonly<Record<string, keyof TableAnnotation>> = {
  data_quality_notes: "quality_notes",
  refresh_frequency: "refresh",
};

const lists: ReadonlySet<string> = new Set(["use_cases", "quality_notes", "synonyms", "related_tables"]);

/**
 * Renames aliases, drops empty fields, lets one text stand for a list of one and a table's name for a related table.
 * Anything else is left for the schema to judge.
 */
export function normaliseAnnotation(raw: unknown): unknown {
  if (raw === null) return {};
  if (typeof raw !== "object" || Array.isArray(raw)) return raw;
  const fields: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(raw)) {
    if (value === null || value === "") continue;
    const name = Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
    // Both spellings given: the alias stays and is refused as an unknown key.
    const target = name !== key && Object.hasOwn(raw, name) ? key : name;
    fields[target] = lists.has(target) ? normaliseList(target, value) : value;
  }
  return { ...fields };
}

function normaliseList(field: string, value: unknown): unknown {
  const items = typeof value === "string" ? [value] : value;
  if (field !== "related_tables" || !Array.isArray(items)) return items;
  return items.map((item: unknown) => (typeof item === "string" ? { table: item } : withoutNulls(item)));
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null && entry !== ""));
}
