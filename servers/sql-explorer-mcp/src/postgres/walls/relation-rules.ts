import { type ColumnRules, type CompiledPolicy, throughGenerated } from "@mcp-data/core";
import type { Catalog, NamedRelation } from "../catalog/catalog.ts";

/** A relation and everything it is a partition or an heir of. */
export function lineOf(catalog: Catalog, relation: NamedRelation): NamedRelation[] {
  const line = new Map<number, NamedRelation>();
  const queue = [relation];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (line.has(next.oid)) continue;
    line.set(next.oid, next);
    queue.push(...(catalog.parents.get(next.oid) ?? []));
  }
  return [...line.values()];
}

/** A partition counts as its parent; an exclusion anywhere in the line wins. Foreign tables reach outside. */
export function mayRead(catalog: Catalog, policy: CompiledPolicy, relation: NamedRelation): boolean {
  if (relation.kind === "foreign_table" || relation.kind === "sequence") return false;
  const judgements = lineOf(catalog, relation).map((member) => policy.table(member.schema, member.name));
  return judgements.includes("allowed") && !judgements.includes("excluded");
}

/** The column rules of a relation together with those of its parents. */
export function columnRules(
  catalog: Catalog,
  policy: CompiledPolicy,
  relation: NamedRelation,
): ColumnRules | undefined {
  const rules = lineOf(catalog, relation)
    .map((member) => policy.columns(member.schema, member.name))
    .filter((rule) => rule !== undefined);
  if (rules.length === 0) return undefined;
  return throughGenerated(catalog.byOid.get(relation.oid)?.generated, (column) => {
    const judgements = rules.map((rule) => rule(column));
    return judgements.includes("deny") ? "deny" : judgements.find((judgement) => judgement !== undefined);
  });
}
