import type { Node } from "libpg-query";
import { strings, unwrap } from "./nodes.ts";

/** The name PostgreSQL gives an output that has no alias. */
export function outputName(value: Node | undefined): string {
  return figure(value)?.name ?? "?column?";
}

interface Figured {
  readonly name: string;
  /** A type's name yields to any better one. */
  readonly weak: boolean;
}

function figure(value: Node | undefined): Figured | undefined {
  let node = value;
  let fallback: string | undefined;
  while (node !== undefined) {
    const weak: Figured | undefined = fallback === undefined ? undefined : { name: fallback, weak: true };
    if ("ColumnRef" in node) return strong(lastName(node.ColumnRef.fields)) ?? weak;
    if ("A_Indirection" in node) {
      const name = lastName(node.A_Indirection.indirection);
      if (name !== undefined) return strong(name);
      node = node.A_Indirection.arg;
    } else if ("TypeCast" in node) {
      fallback ??= strings(node.TypeCast.typeName?.names).at(-1);
      node = node.TypeCast.arg;
    } else if ("CollateClause" in node) {
      node = node.CollateClause.arg;
    } else if ("CaseExpr" in node) {
      fallback ??= "case";
      node = node.CaseExpr.defresult;
    } else if ("SubLink" in node && node.SubLink.subLinkType === "EXPR_SUBLINK") {
      const select = node.SubLink.subselect;
      const target =
        select !== undefined && "SelectStmt" in select ? select.SelectStmt.targetList?.[0] : undefined;
      if (target === undefined || !("ResTarget" in target)) return weak;
      if (target.ResTarget.name !== undefined) return strong(target.ResTarget.name);
      node = target.ResTarget.val;
    } else {
      return strong(fixedName(node)) ?? weak;
    }
  }
  return fallback === undefined ? undefined : { name: fallback, weak: true };
}

function fixedName(node: Node): string | undefined {
  if ("FuncCall" in node) return strings(node.FuncCall.funcname).at(-1);
  if ("A_Expr" in node) return node.A_Expr.kind === "AEXPR_NULLIF" ? "nullif" : undefined;
  if ("SubLink" in node) {
    if (node.SubLink.subLinkType === "EXISTS_SUBLINK") return "exists";
    return node.SubLink.subLinkType === "ARRAY_SUBLINK" ? "array" : undefined;
  }
  if ("MinMaxExpr" in node) return node.MinMaxExpr.op === "IS_LEAST" ? "least" : "greatest";
  if ("SQLValueFunction" in node) {
    return (node.SQLValueFunction.op ?? "")
      .replace(/^SVFOP_/, "")
      .replace(/_N$/, "")
      .toLowerCase();
  }
  return names[unwrap(node)?.kind ?? ""];
}

const names: Readonly<Record<string, string>> = {
  GroupingFunc: "grouping",
  A_ArrayExpr: "array",
  RowExpr: "row",
  CoalesceExpr: "coalesce",
  JsonObjectConstructor: "json_object",
  JsonArrayConstructor: "json_array",
  JsonArrayQueryConstructor: "json_array",
  JsonObjectAgg: "json_objectagg",
  JsonArrayAgg: "json_arrayagg",
  JsonParseExpr: "json",
  JsonScalarExpr: "json_scalar",
  JsonSerializeExpr: "json_serialize",
};

function lastName(list: readonly Node[] | undefined): string | undefined {
  return (list ?? []).findLast((node) => "String" in node)?.String?.sval;
}

function strong(name: string | undefined): Figured | undefined {
  return name === undefined ? undefined : { name, weak: false };
}
