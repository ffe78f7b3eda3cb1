import type { Node, SelectStmt } from "libpg-query";
import { clipName } from "../names.ts";
import type { Analysis, Outputs } from "./analysis.ts";
import { refuse } from "./refusal.ts";

/** Sorting, grouping and deduplicating by an output's name or position reach its true value: not over a masked one. */
export function judgeOrdering(select: SelectStmt, outputs: Outputs, analysis: Analysis): void {
  const { masked } = analysis;
  if (masked.size === 0) return;
  const [name = ""] = masked;
  if (select.distinctClause !== undefined) refuseOver(name, "DISTINCT");
  const starred = (select.targetList ?? []).some(isStar);
  const keys: (Node | undefined)[] = [...(select.sortClause ?? []), ...(select.groupClause ?? [])];
  for (let key = keys.pop(); key !== undefined || keys.length > 0; key = keys.pop()) {
    if (key === undefined) continue;
    if ("SortBy" in key) keys.push(key.SortBy.node);
    else if ("GroupingSet" in key) keys.push(...(key.GroupingSet.content ?? []));
    else if ("RowExpr" in key) keys.push(...(key.RowExpr.args ?? []));
    else if ("ColumnRef" in key) {
      const [field] = key.ColumnRef.fields ?? [];
      const used = field !== undefined && "String" in field ? (field.String.sval ?? "") : "";
      if (key.ColumnRef.fields?.length === 1 && masked.has(used)) refuseOver(used, "ORDER BY and GROUP BY");
    } else if ("A_Const" in key && key.A_Const.ival !== undefined) {
      const used = starred ? undefined : outputs?.[(key.A_Const.ival.ival ?? 0) - 1];
      if (used === undefined || masked.has(used)) refuseOver(used ?? name, "ORDER BY and GROUP BY");
    }
  }
}

function isStar(node: Node): boolean {
  const value = "ResTarget" in node ? node.ResTarget.val : undefined;
  if (value === undefined || !("ColumnRef" in value)) return false;
  return value.ColumnRef.fields?.some((field) => "A_Star" in field) ?? false;
}

function refuseOver(name: string, clause: string): never {
  return refuse(
    "column_not_allowed",
    `The output ${clipName(name)} is masked: ${clause} over it is refused.`,
    "Sort and group by other columns, written by name.",
    { column: clipName(name) },
  );
}
