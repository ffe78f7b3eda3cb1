import type { RawRow } from "../protocol/step.ts";
import type { NamedRelation } from "./catalog.ts";
import { relationKind } from "./kinds.ts";
import { type CatalogRows, groupBy, text } from "./rows.ts";

/** The two ends of one row of the inheritance. */
export function childOf(row: RawRow): NamedRelation {
  return member(row, 0);
}

export function parentOf(row: RawRow): NamedRelation {
  return member(row, 4);
}

function member(row: RawRow, at: 0 | 4): NamedRelation {
  return {
    oid: Number(row[at]),
    schema: text(row, at + 1),
    name: text(row, at + 2),
    kind: relationKind("r", row[at + 3] === "t"),
  };
}

export function ancestors(
  parents: ReadonlyMap<number, readonly NamedRelation[]>,
  oid: number,
): NamedRelation[] {
  const found = new Map<number, NamedRelation>();
  const queue = [...(parents.get(oid) ?? [])];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (found.has(next.oid)) continue;
    found.set(next.oid, next);
    queue.push(...(parents.get(next.oid) ?? []));
  }
  return [...found.values()];
}

// The statistics of a partitioned table may be missing while its partitions have theirs.
export function sumPartitions(rows: CatalogRows): (oid: number) => number | undefined {
  const own = new Map<number, number | undefined>();
  for (const row of rows.relations) {
    const tuples = Number(row[6]);
    own.set(Number(row[0]), row[3] === "v" || tuples < 0 ? undefined : Math.round(tuples));
  }
  const children = groupBy(rows.inheritance, 4, (row) => Number(row[0]));
  const partitioned = new Set(rows.relations.filter((row) => row[3] === "p").map((row) => Number(row[0])));
  const estimate = (oid: number): number | undefined => {
    if (!partitioned.has(oid)) return own.get(oid);
    const parts = (children.get(oid) ?? []).map(estimate).filter((part) => part !== undefined);
    return parts.length === 0 ? own.get(oid) : parts.reduce((sum, part) => sum + part, 0);
  };
  return estimate;
}
