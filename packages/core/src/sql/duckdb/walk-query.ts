import type { Rejected } from "../verdict.ts";
import { type AstNode, foldName, isNode, listField, nodeField, textField } from "./ast.ts";
import { maskOutputs } from "./mask-outputs.ts";
import { unknown } from "./refusals.ts";
import { type CteLevel, isRuled, openScope } from "./scope.ts";
import { parts, queries, type Shape } from "./shapes.ts";
import { passedColumns } from "./walk-columns.ts";
import type { Place, Walk } from "./walk-context.ts";
import { byShape, each } from "./walk-fields.ts";
import { collectFrom } from "./walk-from.ts";

export function walkQuery(walk: Walk, node: AstNode, place: Place): Rejected | undefined {
  const type = textField(node, "type");
  const shape = queries[type];
  if (shape === undefined) return unknown(type);
  const inner = ctes(walk, node, place);
  if ("ok" in inner) return inner;
  if (type === "SELECT_NODE") return select(walk, node, shape, inner);
  const { cte_map: _, modifiers: last, left, right, ...rest } = node;
  const below: Place = { ...inner, outermost: false };
  walk.push("modifiers", last, below);
  walk.push("query", left, below);
  walk.push("query", right, type === "RECURSIVE_CTE_NODE" ? insideRecursion(node, below) : below);
  return byShape(walk, rest, shape, below);
}

/** CTE i sees the ones before it; the body sees all. */
function ctes(walk: Walk, node: AstNode, place: Place): Place | Rejected {
  const map = nodeField(node, "cte_map");
  const entries = map === undefined ? [] : listField(map, "map");
  if (entries.length === 0) return place;
  const names = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    if (!isNode(entry)) return unknown("WITH");
    const level: CteLevel = { names, visible: index, parent: place.ctes };
    names.set(foldName(textField(entry, "key")), index);
    const cte = nodeField(entry, "value");
    if (cte === undefined) return unknown("WITH");
    const refused = byShape(walk, cte, parts.cte, { ...place, ctes: level, outermost: false, output: false });
    if (refused !== undefined) return refused;
  }
  return { ...place, ctes: { names, visible: entries.length, parent: place.ctes } };
}

function insideRecursion(node: AstNode, place: Place): Place {
  const names = new Map([[foldName(textField(node, "cte_name")), 0]]);
  return { ...place, ctes: { names, visible: 1, parent: place.ctes, recursive: true } };
}

function select(walk: Walk, node: AstNode, shape: Shape, outer: Place): Rejected | undefined {
  const scope = openScope(outer.scope);
  const place: Place = { ...outer, scope, outermost: false, output: false };
  const { cte_map: _, select_list: list, from_table: from, ...rest } = node;
  const refusedFrom = collectFrom(walk, from, place, scope);
  if (refusedFrom !== undefined) return refusedFrom;
  const refusedArgument = passedColumns(place, scope);
  if (refusedArgument !== undefined) return refusedArgument;
  const output = outer.outermost === true;
  if (output && isRuled(scope)) {
    const refused = maskOutputs(node, scope, walk.facts.masked);
    if (refused !== undefined) return refused;
  }
  return each(walk, list, "expr", output ? { ...place, output } : place) ?? byShape(walk, rest, shape, place);
}
