import type { RowLimit } from "../verdict.ts";
import { type AstNode, isNode, listField, nodeField, textField } from "./ast.ts";

/** The outermost LIMIT and OFFSET. DESCRIBE and SUMMARIZE take none. */
export function rowLimit(root: AstNode): RowLimit {
  const from = nodeField(root, "from_table");
  if (from !== undefined && textField(from, "type") === "SHOW_REF")
    return { kind: "other", hasOffset: false };
  let limit: RowLimit = { kind: "none", hasOffset: false };
  for (const modifier of listField(root, "modifiers")) {
    if (!isNode(modifier)) continue;
    const hasOffset = isNode(modifier.offset);
    if (modifier.type === "LIMIT_PERCENT_MODIFIER") limit = { kind: "other", hasOffset };
    if (modifier.type === "LIMIT_MODIFIER") limit = literal(nodeField(modifier, "limit"), hasOffset);
  }
  return limit;
}

export function isOrdered(root: AstNode): boolean {
  return listField(root, "modifiers").some(
    (modifier) => isNode(modifier) && modifier.type === "ORDER_MODIFIER",
  );
}

function literal(limit: AstNode | undefined, hasOffset: boolean): RowLimit {
  if (limit === undefined) return { kind: "none", hasOffset };
  const value = limit.class === "CONSTANT" ? nodeField(limit, "value") : undefined;
  const count = value?.value;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0
    ? { kind: "literal", count, hasOffset }
    : { kind: "other", hasOffset };
}
