/**
 * How a field of a node is read. `plain` may hold no object at all; every other kind says what is in it.
 * A field, class or type that is not in these tables refuses the statement. `ignored` is a repetition of what was walked.
 */
export type FieldKind =
  | "plain"
  | "value"
  | "values"
  | "type"
  | "expr"
  | "exprs"
  | "rows"
  | "ref"
  | "query"
  | "statement"
  | "orders"
  | "modifiers"
  | "modifier"
  | "cases"
  | "replacements"
  | "renames"
  | "qualified"
  | "sample"
  | "pivots"
  | "ctes"
  | "ignored";

export type Shape = Readonly<Record<string, FieldKind>>;

const expression: Shape = { class: "plain", type: "plain", alias: "plain", query_location: "plain" };

/** By class; `types` are the node types of that class a text may use. */
export const expressions: Readonly<
  Record<string, { readonly types: readonly string[]; readonly fields: Shape }>
> = {
  BETWEEN: {
    types: ["COMPARE_BETWEEN", "COMPARE_NOT_BETWEEN"],
    fields: { ...expression, input: "expr", lower: "expr", upper: "expr" },
  },
  CASE: { types: ["CASE_EXPR"], fields: { ...expression, case_checks: "cases", else_expr: "expr" } },
  CAST: {
    types: ["OPERATOR_CAST"],
    fields: { ...expression, child: "expr", cast_type: "type", try_cast: "plain" },
  },
  COLLATE: { types: ["COLLATE"], fields: { ...expression, child: "expr", collation: "plain" } },
  COLUMN_REF: { types: ["COLUMN_REF"], fields: { ...expression, column_names: "plain" } },
  COMPARISON: {
    types: [
      "COMPARE_EQUAL",
      "COMPARE_NOTEQUAL",
      "COMPARE_LESSTHAN",
      "COMPARE_GREATERTHAN",
      "COMPARE_LESSTHANOREQUALTO",
      "COMPARE_GREATERTHANOREQUALTO",
      "COMPARE_DISTINCT_FROM",
      "COMPARE_NOT_DISTINCT_FROM",
    ],
    fields: { ...expression, left: "expr", right: "expr" },
  },
  CONJUNCTION: {
    types: ["CONJUNCTION_AND", "CONJUNCTION_OR"],
    fields: { ...expression, children: "exprs" },
  },
  CONSTANT: { types: ["VALUE_CONSTANT"], fields: { ...expression, value: "value" } },
  FUNCTION: {
    types: ["FUNCTION"],
    fields: {
      ...expression,
      function_name: "plain",
      schema: "plain",
      catalog: "plain",
      children: "exprs",
      filter: "expr",
      order_bys: "modifier",
      distinct: "plain",
      is_operator: "plain",
    },
  },
  LAMBDA: { types: ["LAMBDA"], fields: { ...expression, lhs: "expr", expr: "expr", syntax_type: "plain" } },
  OPERATOR: {
    types: [
      "OPERATOR_NOT",
      "OPERATOR_IS_NULL",
      "OPERATOR_IS_NOT_NULL",
      "OPERATOR_COALESCE",
      "OPERATOR_NULLIF",
      "OPERATOR_TRY",
      "OPERATOR_UNPACK",
      "COMPARE_IN",
      "COMPARE_NOT_IN",
      "ARRAY_EXTRACT",
      "ARRAY_SLICE",
      "STRUCT_EXTRACT",
      "ARRAY_CONSTRUCTOR",
      "GROUPING_FUNCTION",
    ],
    fields: { ...expression, children: "exprs" },
  },
  PARAMETER: { types: ["VALUE_PARAMETER"], fields: { ...expression, identifier: "plain" } },
  POSITIONAL_REFERENCE: { types: ["POSITIONAL_REFERENCE"], fields: { ...expression, index: "plain" } },
  STAR: {
    types: ["STAR"],
    fields: {
      ...expression,
      relation_name: "plain",
      exclude_list: "plain",
      qualified_exclude_list: "qualified",
      replace_list: "replacements",
      rename_list: "renames",
      columns: "plain",
      unpacked: "plain",
      expr: "expr",
    },
  },
  SUBQUERY: {
    types: ["SUBQUERY"],
    fields: {
      ...expression,
      subquery_type: "plain",
      subquery: "statement",
      child: "expr",
      comparison_type: "plain",
    },
  },
  WINDOW: {
    types: [
      "WINDOW_AGGREGATE",
      "WINDOW_RANK",
      "WINDOW_RANK_DENSE",
      "WINDOW_NTILE",
      "WINDOW_PERCENT_RANK",
      "WINDOW_CUME_DIST",
      "WINDOW_ROW_NUMBER",
      "WINDOW_FIRST_VALUE",
      "WINDOW_LAST_VALUE",
      "WINDOW_LEAD",
      "WINDOW_LAG",
      "WINDOW_NTH_VALUE",
      "WINDOW_FILL",
    ],
    fields: {
      ...expression,
      function_name: "plain",
      schema: "plain",
      catalog: "plain",
      children: "exprs",
      partitions: "exprs",
      orders: "orders",
      arg_orders: "orders",
      start: "plain",
      end: "plain",
      start_expr: "expr",
      end_expr: "expr",
      offset_expr: "expr",
      default_expr: "expr",
      filter_expr: "expr",
      ignore_nulls: "plain",
      exclude_clause: "plain",
      distinct: "plain",
    },
  },
};

const reference: Shape = { type: "plain", alias: "plain", sample: "sample", query_location: "plain" };

export const references: Readonly<Record<string, Shape>> = {
  BASE_TABLE: {
    ...reference,
    catalog_name: "plain",
    schema_name: "plain",
    table_name: "plain",
    column_name_alias: "plain",
  },
  EMPTY: reference,
  EXPRESSION_LIST: { ...reference, expected_names: "plain", values: "rows" },
  JOIN: {
    ...reference,
    left: "ref",
    right: "ref",
    condition: "expr",
    join_type: "plain",
    ref_type: "plain",
    using_columns: "plain",
    delim_flipped: "plain",
    is_implicit: "plain",
  },
  PIVOT: {
    ...reference,
    source: "ref",
    aggregates: "exprs",
    unpivot_names: "plain",
    pivots: "pivots",
    groups: "plain",
    column_name_alias: "plain",
    include_nulls: "plain",
  },
  SHOW_REF: {
    ...reference,
    query: "query",
    show_type: "plain",
    table_name: "plain",
    schema_name: "plain",
    catalog_name: "plain",
  },
  SUBQUERY: { ...reference, subquery: "statement", column_name_alias: "plain" },
  TABLE_FUNCTION: { ...reference, function: "expr", column_name_alias: "plain", with_ordinality: "plain" },
};

export const queries: Readonly<Record<string, Shape>> = {
  SELECT_NODE: {
    type: "plain",
    modifiers: "modifiers",
    cte_map: "ctes",
    select_list: "exprs",
    from_table: "ref",
    where_clause: "expr",
    group_expressions: "exprs",
    group_sets: "plain",
    aggregate_handling: "plain",
    having: "expr",
    sample: "sample",
    qualify: "expr",
  },
  SET_OPERATION_NODE: {
    type: "plain",
    modifiers: "modifiers",
    cte_map: "ctes",
    setop_type: "plain",
    setop_all: "plain",
    left: "query",
    right: "query",
  },
  RECURSIVE_CTE_NODE: {
    type: "plain",
    modifiers: "modifiers",
    cte_map: "ctes",
    cte_name: "plain",
    union_all: "plain",
    left: "query",
    right: "query",
    aliases: "plain",
    key_targets: "exprs",
  },
};

export const modifiers: Readonly<Record<string, Shape>> = {
  LIMIT_MODIFIER: { type: "plain", limit: "expr", offset: "expr" },
  LIMIT_PERCENT_MODIFIER: { type: "plain", limit: "expr", offset: "expr" },
  ORDER_MODIFIER: { type: "plain", orders: "orders" },
  DISTINCT_MODIFIER: { type: "plain", distinct_on_targets: "exprs" },
};

/** Small objects that are part of a node. */
export const parts = {
  order: { type: "plain", null_order: "plain", expression: "expr" },
  case: { when_expr: "expr", then_expr: "expr" },
  replacement: { key: "plain", value: "expr" },
  pivot: { pivot_expressions: "exprs", unpivot_names: "plain", entries: "pivots" },
  pivotEntry: { values: "values", star_expr: "expr", alias: "plain" },
  statement: { node: "query", named_param_map: "ignored" },
  cte: { aliases: "plain", query: "statement", materialized: "plain", key_targets: "exprs" },
} as const satisfies Record<string, Shape>;
