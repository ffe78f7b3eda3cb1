import type { RelationKind } from "@mcp-data/core";

const kinds: Readonly<Record<string, RelationKind>> = {
  r: "table",
  p: "partitioned_table",
  v: "view",
  m: "materialized_view",
  f: "foreign_table",
  S: "sequence",
};

/** From `relkind` and "is a partition". */
export function relationKind(relkind: string, isPartition: boolean): RelationKind {
  return isPartition ? "partition" : (kinds[relkind] ?? "other");
}
