import type { Rejected } from "../verdict.ts";
import { type AstNode, foldName, namesField, textField } from "./ast.ts";
import { columnRefused, formRefused } from "./column-access.ts";
import type { Scope } from "./scope.ts";

/** Joins compare columns nobody wrote in an expression: USING, NATURAL, and an alias over the join hides whose they are. */
export function judgeJoins(joins: readonly AstNode[], scope: Scope): Rejected | undefined {
  const ruled = scope.items.filter((item) => item.rules !== undefined);
  for (const join of joins) {
    const alias = foldName(textField(join, "alias"));
    for (const item of ruled) {
      if (alias !== "") return formRefused("An alias for a whole join", item);
      if (join.ref_type === "NATURAL") return formRefused("NATURAL JOIN", item);
      for (const column of namesField(join, "using_columns")) {
        const judgement = item.rules?.(foldName(column));
        if (judgement !== undefined) return columnRefused([column], judgement, item);
      }
    }
    if (alias !== "") scope.items.push({ alias });
  }
  return undefined;
}
