import type { RawRow } from "../protocol/step.ts";
import type { CatalogPart } from "./queries.ts";

export type CatalogRows = Readonly<Record<CatalogPart, readonly RawRow[]>>;

export function groupBy<T>(
  rows: readonly RawRow[],
  key: number,
  value: (row: RawRow) => T,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const id = Number(row[key]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [value(row)]);
    else group.push(value(row));
  }
  return groups;
}

export function text(row: RawRow, at: number): string {
  return row[at] ?? "";
}

export function given<Key extends string>(
  key: Key,
  value: string | null | undefined,
): { [K in Key]?: string } {
  return value == null || value === "" ? {} : ({ [key]: value } as { [K in Key]?: string });
}
