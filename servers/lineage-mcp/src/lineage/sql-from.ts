import { reference, sources } from "./sql-expression.ts";
import {
  fold,
  type Influence,
  influence,
  type Node,
  type Relation,
  renamed,
  type Scope,
  type Shape,
  type SqlSource,
  Unsure,
} from "./sql-shape.ts";

/** The relations a FROM clause names; what decides their joins is added to the influences. */
export function from(node: Node, scope: Scope, influences: Influence[]): Relation[] {
  switch (node.type) {
    case "EMPTY":
      return [];
    case "BASE_TABLE":
      return [base(node, scope, influences)];
    case "SUBQUERY": {
      const body = (node.subquery as Node | undefined)?.node as Node | undefined;
      if (body === undefined) throw new Unsure();
      const shape = scope.query(body, scope);
      influences.push(...shape.influences);
      const names = node.column_name_alias as string[] | undefined;
      return [relation(String(node.alias ?? ""), names === undefined ? shape : renamed(shape, names))];
    }
    case "JOIN":
      return join(node, scope, influences);
    case "TABLE_FUNCTION":
      return [file(node, scope)];
    default:
      throw new Unsure();
  }
}

function base(node: Node, scope: Scope, influences: Influence[]): Relation {
  const table = String(node.table_name ?? "");
  const alias = String(node.alias ?? table);
  const cte = node.schema_name === undefined ? scope.ctes.get(fold(table)) : undefined;
  if (node.column_name_alias !== undefined) throw new Unsure();
  if (cte !== undefined) {
    influences.push(...cte.influences);
    return relation(alias, cte);
  }
  scope.tables.add(table);
  const columns = scope.columnsOf(table);
  if (columns === undefined) return { alias, columns: undefined, table };
  return relation(alias, {
    columns: columns.map((name) => ({ name, sources: [{ table, column: name, code: "I" }] })),
    influences: [],
  });
}

const reads = new Set(
  "read_csv read_csv_auto read_parquet parquet_scan read_json read_json_auto read_ndjson read_ndjson_auto".split(
    " ",
  ),
);

/** A file read by a plain path is a table of that name. */
function file(node: Node, scope: Scope): Relation {
  const call = (node.function ?? {}) as Node;
  const name = String(call.function_name ?? "");
  const [first] = (call.children as Node[] | undefined) ?? [];
  const path = first?.class === "CONSTANT" ? (first.value as Node | undefined)?.value : undefined;
  if (!reads.has(fold(name)) || typeof path !== "string" || node.column_name_alias !== undefined)
    throw new Unsure();
  scope.tables.add(path);
  return { alias: String(node.alias ?? name), columns: undefined, table: path };
}

function relation(alias: string, shape: Shape): Relation {
  const columns = new Map<string, { name: string; sources: SqlSource[] }>();
  for (const column of shape.columns) {
    if (columns.has(fold(column.name))) throw new Unsure();
    columns.set(fold(column.name), column);
  }
  return { alias, columns };
}

function join(node: Node, scope: Scope, influences: Influence[]): Relation[] {
  const left = from(node.left as Node, scope, influences);
  const right = from(node.right as Node, scope, influences);
  const kind = node.ref_type ?? "REGULAR";
  if (kind !== "REGULAR" && kind !== "CROSS") throw new Unsure();
  if (node.join_type === "SEMI" || node.join_type === "ANTI") throw new Unsure();
  const using = (node.using_columns as string[] | undefined) ?? [];
  if (node.condition !== undefined) {
    for (const one of sources(node.condition as Node, [...left, ...right], scope, influences))
      influences.push(influence(one, "JOIN"));
  }
  if (using.length === 0) return [...left, ...right];
  if (node.join_type !== "INNER" && node.join_type !== "LEFT") throw new Unsure();
  for (const name of using) {
    for (const side of [left, right]) {
      for (const one of reference([name], side)) influences.push(influence(one, "JOIN"));
    }
  }
  return [
    ...left,
    ...right.map((each) => ({ ...each, hidden: new Set([...(each.hidden ?? []), ...using.map(fold)]) })),
  ];
}

/** What `*` stands for. */
export function star(
  expression: Node,
  relations: readonly Relation[],
  resolve: (expression: Node) => SqlSource[],
): Shape["columns"] {
  if (expression.columns === true || expression.expr !== undefined || expression.rename_list !== undefined)
    throw new Unsure();
  const only =
    expression.relation_name === undefined || expression.relation_name === ""
      ? undefined
      : fold(String(expression.relation_name));
  const excluded = new Set(
    ((expression.exclude_list as string[] | undefined) ?? []).map((name) => fold(String(name))),
  );
  if (((expression.qualified_exclude_list as unknown[] | undefined) ?? []).length > 0) throw new Unsure();
  const replaced = new Map(
    ((expression.replace_list as { key: string; value: Node }[] | undefined) ?? []).map(({ key, value }) => [
      fold(key),
      value,
    ]),
  );
  const columns: Shape["columns"] = [];
  for (const each of relations) {
    if (only !== undefined && fold(each.alias) !== only) continue;
    if (each.columns === undefined) throw new Unsure();
    for (const [key, column] of each.columns) {
      if (excluded.has(key) || (only === undefined && each.hidden?.has(key))) continue;
      const instead = replaced.get(key);
      columns.push(instead === undefined ? column : { name: column.name, sources: resolve(instead) });
    }
  }
  return columns;
}
