import { clipName } from "../names.ts";
import type { Rejected } from "../verdict.ts";
import { type AstNode, foldName, listField, textField } from "./ast.ts";
import { noArguments } from "./call-arguments.ts";
import { columnRefused, coveredColumns, formRefused, judgeColumn, starItems } from "./column-access.ts";
import { wholeRow } from "./refusals.ts";
import type { Scope } from "./scope.ts";
import type { Place, Walk } from "./walk-context.ts";
import { walkMacros } from "./walk-expansion.ts";

export function judgeColumnRef(walk: Walk, names: readonly string[], place: Place): Rejected | undefined {
  const [first = ""] = names;
  if (names.length === 1) {
    const value = valueFunctions.get(foldName(first));
    const refused =
      value === undefined
        ? undefined
        : (walkMacros(walk, value, place, noArguments) ??
          walkMacros(walk, foldName(first), place, noArguments));
    if (refused !== undefined) return refused;
  }
  walk.facts.columns.add(columnName(names, place.scope));
  const hit = judgeColumn(names, place.scope);
  if (hit === undefined) return undefined;
  if (hit === "row") return wholeRow(names);
  if (hit.judgement === "mask" && place.output === true) return undefined;
  return columnRefused(names, hit.judgement, hit.item);
}

export function judgeStar(node: AstNode, place: Place): Rejected | undefined {
  if (place.scope === undefined) return undefined;
  for (const item of starItems(node, place.scope)) {
    if (item.rules === undefined) continue;
    if (node.expr !== undefined) return formRefused("COLUMNS(…) with a pattern or a lambda", item);
    const covered = coveredColumns(node, item);
    const denied = covered.find(({ judgement }) => judgement === "deny");
    if (denied !== undefined) return formRefused(`* without EXCLUDE (${clipName(denied.name)})`, item);
    const masked = covered[0];
    if (masked === undefined) continue;
    const direct = place.output === true && node.columns !== true && textField(node, "alias") === "";
    if (!direct || listField(node, "rename_list").length > 0) {
      return formRefused(`* without EXCLUDE (${clipName(masked.name)}) here`, item);
    }
  }
  return undefined;
}

/** A macro's arguments take the place of its parameters wherever they stand, so they are judged in each of its scopes. */
export function passedColumns({ passed }: Place, scope: Scope): Rejected | undefined {
  const ruled = scope.items.find((item) => item.rules !== undefined);
  if (passed === undefined || ruled === undefined) return undefined;
  if (passed.star) return formRefused("A macro called with *", ruled);
  for (const names of passed.columns) {
    const hit = judgeColumn(names, scope);
    if (hit === "row") return wholeRow(names);
    if (hit !== undefined) return columnRefused(names, hit.judgement, hit.item);
  }
  return undefined;
}

/** Names the engine turns into a call when no column has them. */
const valueFunctions: ReadonlyMap<string, string> = new Map([
  ["current_catalog", "current_catalog"],
  ["current_date", "current_date"],
  ["current_schema", "current_schema"],
  ["current_role", "current_role"],
  ["current_time", "get_current_time"],
  ["current_timestamp", "get_current_timestamp"],
  ["current_user", "current_user"],
  ["localtime", "current_localtime"],
  ["localtimestamp", "current_localtimestamp"],
  ["session_user", "session_user"],
  ["user", "user"],
]);

function columnName(names: readonly string[], scope: Scope | undefined): string {
  const [first = "", second] = names.map(foldName);
  for (let at = scope; at !== undefined; at = at.parent) {
    for (const { alias, relation } of at.items) {
      if (relation === undefined) continue;
      const wanted = second === undefined ? first : alias === first ? second : undefined;
      const stored = relation.columns.find((column) => foldName(column) === wanted);
      if (stored !== undefined) return `${relation.schema}.${relation.name}.${stored}`;
    }
  }
  return names.at(-1) ?? "";
}
