import type { ColumnRules, CompiledPolicy } from "@mcp-data/core";
import type { Relation } from "./snapshot.ts";

/** An exclusion of a table holds for its partitions and heirs. */
export function isVisible(policy: CompiledPolicy, relation: Relation): boolean {
  return (
    policy.table(relation.schema, relation.name) === "allowed" &&
    !(relation.ancestors ?? []).some(({ schema, name }) => policy.table(schema, name) === "excluded")
  );
}

/**
 * The column rules of a relation together with those of the tables it is a partition or an heir of; a generated
 * column has those of what it is computed from.
 */
export function rulesOf(policy: CompiledPolicy, relation: Relation): ColumnRules {
  const rules = [relation, ...(relation.ancestors ?? [])]
    .map(({ schema, name }) => policy.columns(schema, name))
    .filter((rule) => rule !== undefined);
  const sources = (name: string) =>
    relation.columns.find((column) => column.name === name)?.generatedFrom ?? [];
  return (name) => {
    const judgements = [name, ...sources(name)].flatMap((column) => rules.map((rule) => rule(column)));
    return judgements.includes("deny") ? "deny" : judgements.find((judgement) => judgement !== undefined);
  };
}
