import type { CompiledPolicy } from "@mcp-data/core";
import { rulesOf } from "./relation-rules.ts";
import type { Column, Relation } from "./snapshot.ts";

/**
 * The relation without what its schema tells of withheld columns: labels and defaults are values, and a comment on a
 * denied column is often an example of them. Only its name and type remain; a masked column keeps its comment.
 */
export function withoutWithheldTexts(policy: CompiledPolicy, relation: Relation): Relation {
  const places = [relation, ...(relation.ancestors ?? [])];
  if (!places.some(({ schema, name }) => policy.columns(schema, name) !== undefined)) return relation;
  const rules = rulesOf(policy, relation);
  return { ...relation, columns: relation.columns.map((column) => reduced(column, rules(column.name))) };
}

function reduced(column: Column, judgement: "deny" | "mask" | undefined): Column {
  if (judgement === undefined) return column;
  const { comment, default: _, enumValues: __, ...rest } = column;
  return judgement === "mask" && comment !== undefined ? { ...rest, comment } : rest;
}
