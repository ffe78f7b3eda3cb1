import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import { type AstNode, foldName, isNode, listField, namesField, nodeField, textField } from "./ast.ts";
import { coveredColumns, judgeColumn, starItems } from "./column-access.ts";
import type { Scope } from "./scope.ts";

/**
 * Finds the direct outputs of masked columns in the outermost SELECT and adds their output names to `masked`.
 * Aliases of such outputs are put under the mask rule too: the engine lets WHERE, GROUP BY and other outputs use them.
 */
export function maskOutputs(select: AstNode, scope: Scope, masked: Set<string>): Rejected | undefined {
  const before = masked.size;
  for (const item of listField(select, "select_list")) {
    if (!isNode(item)) continue;
    if (item.class === "COLUMN_REF") {
      const names = namesField(item, "column_names");
      const hit = judgeColumn(names, scope);
      if (hit === undefined || hit === "row" || hit.judgement !== "mask") continue;
      const alias = foldName(textField(item, "alias"));
      masked.add(alias === "" ? foldName(names.at(-1) ?? "") : alias);
      if (alias !== "") scope.maskedOutputs.add(alias);
    } else if (item.class === "STAR") {
      for (const from of starItems(item, scope)) {
        for (const { name, judgement } of coveredColumns(item, from))
          if (judgement === "mask") masked.add(name);
      }
    }
  }
  return masked.size === before ? undefined : judgeClauses(select);
}

/** Clauses that compare or order outputs without naming them. */
function judgeClauses(select: AstNode): Rejected | undefined {
  if (select.aggregate_handling === "FORCE_AGGREGATES" || listField(select, "group_expressions").length > 0) {
    return refused("GROUP BY");
  }
  for (const modifier of listField(select, "modifiers")) {
    if (!isNode(modifier)) continue;
    if (modifier.type === "DISTINCT_MODIFIER" && listField(modifier, "distinct_on_targets").length === 0) {
      return refused("DISTINCT");
    }
    if (modifier.type === "ORDER_MODIFIER" && listField(modifier, "orders").some(hidesColumn)) {
      return refused("ORDER BY a position or ALL");
    }
  }
  return undefined;
}

function hidesColumn(order: unknown): boolean {
  const expression = isNode(order as AstNode) ? nodeField(order as AstNode, "expression") : undefined;
  return expression === undefined || expression.class === "CONSTANT" || expression.class === "STAR";
}

function refused(clause: string): Rejected {
  return reject(
    "column_not_allowed",
    `${clause} together with a masked column would compare its values.`,
    "Leave the masked column out, or order and group by other columns, named.",
  );
}
