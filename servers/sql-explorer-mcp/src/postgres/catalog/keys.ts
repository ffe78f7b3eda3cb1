import type { Check, ForeignKey, Index } from "../../catalog/snapshot.ts";
import type { RawRow } from "../protocol/step.ts";
import { parseArray } from "../values/array-text.ts";
import type { KnownRelation } from "./catalog.ts";
import { given, text } from "./rows.ts";

export function buildIndex(relation: KnownRelation, row: RawRow): Index {
  const keys = text(row, 4).split(" ").slice(0, Number(row[5]));
  const expressions = row[7] == null ? undefined : parseArray(row[7], ",", String);
  return {
    name: text(row, 1),
    columns: keys.map(
      (key, at) => relation.columnsByNumber.get(Number(key)) ?? String(expressions?.[at] ?? "?"),
    ),
    unique: row[2] === "t",
    ...given("method", row[3]),
    ...given("where", row[6]),
  };
}

export function buildCheck(row: RawRow): Check {
  return { name: text(row, 2), expression: text(row, 6) };
}

/** Of the constraints of one relation. */
export function primaryKey(relation: KnownRelation, constraints: readonly RawRow[]): string[] {
  return constraints
    .filter((constraint) => constraint[1] === "p")
    .flatMap((constraint) => columnNames(relation, constraint[3]));
}

/** Undefined where the constraint is none, or refers to what the login may not read. */
export function buildForeignKey(
  relation: KnownRelation,
  referenced: KnownRelation | undefined,
  constraint: RawRow,
): ForeignKey | undefined {
  if (constraint[1] !== "f" || referenced === undefined) return undefined;
  return {
    name: text(constraint, 2),
    schema: relation.schema,
    table: relation.name,
    columns: columnNames(relation, constraint[3]),
    referencedSchema: referenced.schema,
    referencedTable: referenced.name,
    referencedColumns: columnNames(referenced, constraint[5]),
  };
}

function columnNames(relation: KnownRelation, numbers: string | null | undefined): string[] {
  if (numbers == null) return [];
  return parseArray(numbers, ",", Number).map((key) => relation.columnsByNumber.get(Number(key)) ?? "?");
}
