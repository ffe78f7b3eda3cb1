import { isEngineFunction } from "@mcp-data/core/sql/duckdb";
import {
  fold,
  type Influence,
  type Node,
  type Relation,
  type Scope,
  type SqlSource,
  stronger,
  Unsure,
  unique,
} from "./sql-shape.ts";

const aggregates = new Set(
  "sum avg mean min max count first last any_value arg_max arg_min max_by min_by median mode quantile quantile_cont quantile_disc stddev stddev_samp stddev_pop variance var_samp var_pop string_agg group_concat listagg list array_agg product bool_and bool_or approx_count_distinct corr covar_samp covar_pop entropy kurtosis skewness histogram".split(
    " ",
  ),
);
const counts = new Set(["count", "approx_count_distinct"]);

/** The columns an expression is made of. */
export function sources(
  expression: Node,
  relations: readonly Relation[],
  scope: Scope,
  influences: Influence[],
): SqlSource[] {
  const inner = (value: unknown): SqlSource[] =>
    value === undefined ? [] : sources(value as Node, relations, scope, influences);
  const all = (values: unknown): SqlSource[] => ((values as unknown[] | undefined) ?? []).flatMap(inner);
  const as = (found: SqlSource[], code: "T" | "A" | "M") =>
    unique(found.map((one) => ({ ...one, code: stronger(one.code, code) })));
  switch (expression.class) {
    case "CONSTANT":
      return [];
    case "COLUMN_REF":
      return reference(expression.column_names as string[], relations);
    case "FUNCTION": {
      const name = fold(String(expression.function_name ?? ""));
      if (!isEngineFunction(name)) throw new Unsure();
      const found = [...all(expression.children), ...inner(expression.filter)];
      for (const order of ((expression.order_bys as Node | undefined)?.orders as Node[] | undefined) ?? [])
        found.push(...inner(order.expression));
      if (counts.has(name)) return as(found, "M");
      return as(found, aggregates.has(name) ? "A" : "T");
    }
    case "OPERATOR":
    case "CONJUNCTION":
      return as(all(expression.children), "T");
    case "COMPARISON":
      return as([...inner(expression.left), ...inner(expression.right)], "T");
    case "BETWEEN":
      return as([...inner(expression.input), ...inner(expression.lower), ...inner(expression.upper)], "T");
    case "CAST":
      return as(inner(expression.child), "T");
    case "CASE": {
      const found = inner(expression.else_expr);
      for (const check of (expression.case_checks as Node[] | undefined) ?? [])
        found.push(...inner(check.when_expr), ...inner(check.then_expr));
      return as(found, "T");
    }
    case "WINDOW": {
      const found = [
        ...all(expression.children),
        ...all(expression.partitions),
        ...inner(expression.filter_expr),
      ];
      for (const order of (expression.orders as Node[] | undefined) ?? [])
        found.push(...inner(order.expression));
      if (expression.offset_expr !== undefined) found.push(...inner(expression.offset_expr));
      if (expression.default_expr !== undefined) found.push(...inner(expression.default_expr));
      return as(found, "T");
    }
    default:
      // Lambdas, parameters, subqueries inside expressions.
      throw new Unsure();
  }
}

export function reference(names: readonly string[], relations: readonly Relation[]): SqlSource[] {
  const [first = "", second] = names;
  if (names.length > 2) throw new Unsure();
  if (second !== undefined) {
    const owners = relations.filter((each) => fold(each.alias) === fold(first));
    const [owner] = owners;
    if (owners.length !== 1 || owner === undefined) throw new Unsure();
    if (owner.columns === undefined)
      return [{ table: owner.table ?? owner.alias, column: second, code: "I" }];
    const column = owner.columns.get(fold(second));
    if (column === undefined) throw new Unsure();
    return column.sources;
  }
  const owners = relations.filter(
    (each) => each.columns?.has(fold(first)) === true && !each.hidden?.has(fold(first)),
  );
  if (owners.length === 1) {
    if (relations.some((each) => each.columns === undefined)) throw new Unsure();
    return owners[0]?.columns?.get(fold(first))?.sources ?? [];
  }
  const [only, ...more] = relations;
  if (owners.length === 0 && only !== undefined && more.length === 0 && only.columns === undefined) {
    return [{ table: only.table ?? only.alias, column: first, code: "I" }];
  }
  throw new Unsure();
}

export function hasAggregate(expression: Node): boolean {
  if (
    expression.class === "FUNCTION" &&
    (aggregates.has(fold(String(expression.function_name))) || expression.function_name === "count_star")
  )
    return true;
  return Object.values(expression).some(
    (value) =>
      (Array.isArray(value) &&
        value.some((each) => typeof each === "object" && each !== null && hasAggregate(each as Node))) ||
      (typeof value === "object" && value !== null && !Array.isArray(value) && hasAggregate(value as Node)),
  );
}

export function nameOf(expression: Node): string {
  if (typeof expression.alias === "string" && expression.alias !== "") return expression.alias;
  if (expression.class === "COLUMN_REF") return (expression.column_names as string[]).at(-1) ?? "";
  return "";
}
