import type { Rejected } from "../verdict.ts";
import { type AstNode, type AstValue, isNode, textField } from "./ast.ts";
import { isPlain, unknown } from "./refusals.ts";
import { type FieldKind, parts, type Shape } from "./shapes.ts";
import type { Place, Walk } from "./walk-context.ts";

export function each(walk: Walk, value: AstValue, kind: FieldKind, place: Place): Rejected | undefined {
  if (!Array.isArray(value)) return unknown("list");
  for (const item of value) walk.push(kind, item, place);
  return undefined;
}

export function eachPart(walk: Walk, value: AstValue, shape: Shape, place: Place): Rejected | undefined {
  if (!Array.isArray(value)) return unknown("list");
  for (const item of value) {
    const refused = isNode(item) ? byShape(walk, item, shape, place) : unknown("part");
    if (refused !== undefined) return refused;
  }
  return undefined;
}

export function pivots(walk: Walk, value: AstValue, place: Place): Rejected | undefined {
  if (!Array.isArray(value)) return unknown("pivot");
  for (const item of value) {
    if (!isNode(item)) return unknown("pivot");
    const refused = byShape(walk, item, "entries" in item ? parts.pivot : parts.pivotEntry, place);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Every field must be known; each is walked as its kind says. */
export function byShape(
  walk: Walk,
  node: AstNode,
  shape: Shape | undefined,
  place: Place,
): Rejected | undefined {
  if (shape === undefined) return unknown(textField(node, "type") || "node");
  for (const field in node) {
    const kind = shape[field];
    if (kind === undefined) return unknown(field);
    const value = node[field];
    if (kind === "plain") {
      if (!isPlain(value)) return unknown(field);
    } else walk.push(kind, value, place);
  }
  return undefined;
}
