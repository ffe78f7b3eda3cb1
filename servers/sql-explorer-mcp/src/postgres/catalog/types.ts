import type { RawRow } from "../protocol/step.ts";
import type { ServerType, ServerTypes } from "../values/types.ts";
import { relationKey, type UserTypeKind } from "./catalog.ts";
import { text } from "./rows.ts";

export function buildTypes(rows: readonly RawRow[]): ServerTypes {
  const types = new Map<number, ServerType>();
  for (const row of rows) {
    types.set(Number(row[0]), {
      name: text(row, 1),
      delimiter: text(row, 2),
      ...(row[3] == null ? {} : { element: Number(row[3]) }),
    });
  }
  return types;
}

const typeKinds: Readonly<Record<string, UserTypeKind>> = {
  e: "enum",
  d: "domain",
  r: "range",
  m: "range",
  b: "base",
  c: "composite",
};

export function buildUserTypes(rows: readonly RawRow[]): ReadonlyMap<string, UserTypeKind> {
  const kindOf = (row: RawRow) => typeKinds[text(row, 6)];
  return new Map(
    rows.flatMap((row) => {
      const kind = row[4] === "pg_catalog" ? undefined : kindOf(row);
      return kind === undefined ? [] : [[relationKey(text(row, 4), text(row, 5)), kind] as const];
    }),
  );
}
