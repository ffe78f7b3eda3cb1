/**
 * Everything a statement's tree may consist of: kinds of nodes and, for each, its fields. What is not here is refused.
 * A field is a plain value, a wrapped node or list of them, or a node of a fixed kind written without its wrapper.
 */
export type Field = "value" | "node" | { readonly inline: string };
type Shape = Readonly<Record<string, Field>>;

const value = "value";
const node = "node";
const inline = (kind: string) => ({ inline: kind });
const output = inline("JsonOutput");
const aggregate = inline("JsonAggConstructor");
const jsonValue = inline("JsonValueExpr");

function tableOfShapes(): [string, Shape][] {
  return [
    // queries
    [
      "SelectStmt",
      {
        distinctClause: node,
        targetList: node,
        fromClause: node,
        whereClause: node,
        groupClause: node,
        groupDistinct: value,
        havingClause: node,
        windowClause: node,
        valuesLists: node,
        sortClause: node,
        limitOffset: node,
        limitCount: node,
        limitOption: value,
        withClause: inline("WithClause"),
        op: value,
        all: value,
        larg: inline("SelectStmt"),
        rarg: inline("SelectStmt"),
      },
    ],
    ["ResTarget", { name: value, val: node, location: value }],
    ["SortBy", { node, sortby_dir: value, sortby_nulls: value, useOp: node, location: value }],
    ["GroupingSet", { kind: value, content: node, location: value }],
    [
      "WindowDef",
      {
        name: value,
        refname: value,
        partitionClause: node,
        orderClause: node,
        frameOptions: value,
        startOffset: node,
        endOffset: node,
        location: value,
      },
    ],
    ["WithClause", { ctes: node, recursive: value, location: value }],
    [
      "CommonTableExpr",
      {
        ctename: value,
        aliascolnames: node,
        ctematerialized: value,
        ctequery: node,
        search_clause: inline("CTESearchClause"),
        cycle_clause: inline("CTECycleClause"),
        location: value,
      },
    ],
    [
      "CTESearchClause",
      { search_col_list: node, search_breadth_first: value, search_seq_column: value, location: value },
    ],
    [
      "CTECycleClause",
      {
        cycle_col_list: node,
        cycle_mark_column: value,
        cycle_mark_value: node,
        cycle_mark_default: node,
        cycle_path_column: value,
        location: value,
      },
    ],
    // FROM
    [
      "RangeVar",
      {
        catalogname: value,
        schemaname: value,
        relname: value,
        inh: value,
        relpersistence: value,
        alias: inline("Alias"),
        location: value,
      },
    ],
    ["RangeSubselect", { lateral: value, subquery: node, alias: inline("Alias") }],
    [
      "RangeFunction",
      {
        lateral: value,
        ordinality: value,
        is_rowsfrom: value,
        functions: node,
        alias: inline("Alias"),
        coldeflist: node,
      },
    ],
    ["RangeTableSample", { relation: node, method: node, args: node, repeatable: node, location: value }],
    [
      "JoinExpr",
      {
        jointype: value,
        isNatural: value,
        larg: node,
        rarg: node,
        usingClause: node,
        join_using_alias: inline("Alias"),
        quals: node,
        alias: inline("Alias"),
      },
    ],
    ["Alias", { aliasname: value, colnames: node }],
    [
      "ColumnDef",
      {
        colname: value,
        typeName: inline("TypeName"),
        is_local: value,
        collClause: inline("CollateClause"),
        location: value,
      },
    ],
    // expressions
    ["List", { items: node }],
    ["String", { sval: value }],
    ["Integer", { ival: value }],
    ["A_Star", {}],
    ["ColumnRef", { fields: node, location: value }],
    ["ParamRef", { number: value, location: value }],
    [
      "A_Const",
      { ival: value, fval: value, boolval: value, sval: value, bsval: value, isnull: value, location: value },
    ],
    [
      "A_Expr",
      {
        kind: value,
        name: node,
        lexpr: node,
        rexpr: node,
        rexpr_list_start: value,
        rexpr_list_end: value,
        location: value,
      },
    ],
    ["BoolExpr", { boolop: value, args: node, location: value }],
    ["NullTest", { arg: node, nulltesttype: value, argisrow: value, location: value }],
    ["BooleanTest", { arg: node, booltesttype: value, location: value }],
    ["SubLink", { subLinkType: value, testexpr: node, operName: node, subselect: node, location: value }],
    [
      "FuncCall",
      {
        funcname: node,
        args: node,
        agg_order: node,
        agg_filter: node,
        over: inline("WindowDef"),
        agg_within_group: value,
        agg_star: value,
        agg_distinct: value,
        func_variadic: value,
        funcformat: value,
        location: value,
      },
    ],
    ["NamedArgExpr", { arg: node, name: value, argnumber: value, location: value }],
    ["TypeCast", { arg: node, typeName: inline("TypeName"), location: value }],
    ["TypeName", { names: node, typmods: node, typemod: value, arrayBounds: node, location: value }],
    ["CollateClause", { arg: node, collname: node, location: value }],
    ["CaseExpr", { arg: node, args: node, defresult: node, location: value }],
    ["CaseWhen", { expr: node, result: node, location: value }],
    ["CoalesceExpr", { args: node, location: value }],
    ["MinMaxExpr", { op: value, args: node, location: value }],
    ["SQLValueFunction", { op: value, typmod: value, location: value }],
    ["A_ArrayExpr", { elements: node, list_start: value, list_end: value, location: value }],
    ["RowExpr", { args: node, row_format: value, location: value }],
    ["A_Indirection", { arg: node, indirection: node }],
    ["A_Indices", { is_slice: value, lidx: node, uidx: node }],
    ["GroupingFunc", { args: node, location: value }],
    // the standard's JSON constructors and queries (JSON_TABLE is not among them)
    ["JsonObjectConstructor", { exprs: node, output, absent_on_null: value, unique: value, location: value }],
    ["JsonArrayConstructor", { exprs: node, output, absent_on_null: value, location: value }],
    [
      "JsonArrayQueryConstructor",
      { query: node, output, format: inline("JsonFormat"), absent_on_null: value, location: value },
    ],
    [
      "JsonObjectAgg",
      { constructor: aggregate, arg: inline("JsonKeyValue"), absent_on_null: value, unique: value },
    ],
    ["JsonArrayAgg", { constructor: aggregate, arg: jsonValue, absent_on_null: value }],
    [
      "JsonAggConstructor",
      { output, agg_filter: node, agg_order: node, over: inline("WindowDef"), location: value },
    ],
    [
      "JsonIsPredicate",
      { expr: node, format: inline("JsonFormat"), item_type: value, unique_keys: value, location: value },
    ],
    [
      "JsonFuncExpr",
      {
        op: value,
        context_item: jsonValue,
        pathspec: node,
        passing: node,
        output,
        on_empty: inline("JsonBehavior"),
        on_error: inline("JsonBehavior"),
        wrapper: value,
        quotes: value,
        location: value,
      },
    ],
    ["JsonParseExpr", { expr: jsonValue, output, unique_keys: value, location: value }],
    ["JsonScalarExpr", { expr: node, output, location: value }],
    ["JsonSerializeExpr", { expr: jsonValue, output, location: value }],
    ["JsonOutput", { typeName: inline("TypeName"), returning: inline("JsonReturning") }],
    ["JsonReturning", { format: inline("JsonFormat"), typmod: value }],
    ["JsonFormat", { format_type: value, encoding: value, location: value }],
    ["JsonValueExpr", { raw_expr: node, format: inline("JsonFormat") }],
    ["JsonBehavior", { btype: value, expr: node, location: value }],
    ["JsonArgument", { val: jsonValue, name: value }],
    ["JsonKeyValue", { key: node, value: jsonValue }],
  ];
}

export const shapes: ReadonlyMap<string, ReadonlyMap<string, Field>> = new Map(
  tableOfShapes().map(([kind, shape]) => [kind, new Map(Object.entries(shape))]),
);
