import { hasAggregate, nameOf, sources } from "./sql-expression.ts";
import { from, star } from "./sql-from.ts";
import {
  fold,
  type Influence,
  influence,
  type Node,
  renamed,
  type Scope,
  type Shape,
  type SqlColumns,
  type SqlSource,
  Unsure,
  unique,
  uniqueInfluences,
} from "./sql-shape.ts";

/** Columns of one SELECT from its syntax tree; undefined when anything in it is not surely understood. */
export function sqlColumns(
  tree: string,
  columnsOf: (table: string) => readonly string[] | undefined,
): SqlColumns | undefined {
  try {
    const statements = (JSON.parse(tree) as { statements?: Node[] }).statements ?? [];
    const node = statements[0]?.node as Node | undefined;
    if (statements.length !== 1 || node === undefined) return undefined;
    const scope: Scope = { ctes: new Map(), columnsOf, tables: new Set(), query };
    const shape = query(node, scope);
    return { ...shape, tables: [...scope.tables] };
  } catch (error) {
    if (error instanceof Unsure || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function query(node: Node, outer: Scope): Shape {
  const ctes = new Map(outer.ctes);
  const scope: Scope = { ...outer, ctes };
  const map = ((node.cte_map as Node | undefined)?.map as { key: string; value: Node }[] | undefined) ?? [];
  for (const { key, value } of map) {
    const body = (value.query as Node | undefined)?.node as Node | undefined;
    if (body === undefined || body.type === "RECURSIVE_CTE_NODE") throw new Unsure();
    const shape = query(body, scope);
    const aliases = value.aliases as string[] | undefined;
    ctes.set(fold(key), aliases === undefined ? shape : renamed(shape, aliases));
  }
  if (node.type === "SELECT_NODE") return select(node, scope);
  if (node.type === "SET_OPERATION_NODE") return setOperation(node, scope);
  throw new Unsure();
}

function setOperation(node: Node, scope: Scope): Shape {
  const kind = node.setop_type;
  if (kind !== "UNION" && kind !== "EXCEPT" && kind !== "INTERSECT") throw new Unsure();
  const sides = (node.children as Node[] | undefined) ?? [node.left as Node, node.right as Node];
  const shapes = sides.map((side) => query(side, scope));
  const [first, ...others] = shapes;
  if (first === undefined || others.some((each) => each.columns.length !== first.columns.length))
    throw new Unsure();
  const influences = shapes.flatMap((each) => each.influences);
  if (kind !== "UNION") {
    for (const each of shapes)
      for (const column of each.columns)
        influences.push(...column.sources.map((one) => influence(one, "FILTER")));
    return { columns: first.columns, influences };
  }
  return {
    columns: first.columns.map((column, at) => ({
      name: column.name,
      sources: unique([...column.sources, ...others.flatMap((each) => each.columns[at]?.sources ?? [])]),
    })),
    influences,
  };
}

function select(node: Node, scope: Scope): Shape {
  const influences: Influence[] = [];
  const relations = node.from_table === undefined ? [] : from(node.from_table as Node, scope, influences);
  const resolve = (expression: Node) => sources(expression, relations, scope, influences);
  const columns: Shape["columns"] = [];
  let grouped = node.aggregate_handling === "FORCE_AGGREGATES";
  for (const expression of (node.select_list as Node[] | undefined) ?? []) {
    if (expression.class === "STAR") columns.push(...star(expression, relations, resolve));
    else columns.push({ name: nameOf(expression), sources: resolve(expression) });
  }
  const named = (expression: Node): SqlSource[] => {
    const alias = expression.class === "COLUMN_REF" ? (expression.column_names as string[]) : [];
    if (alias.length === 1) {
      const at = columns.find((column) => fold(column.name) === fold(alias[0] ?? ""));
      if (at !== undefined && !relations.some((each) => each.columns?.has(fold(alias[0] ?? ""))))
        return at.sources;
    }
    const value = (expression.value as Node | undefined)?.value;
    if (expression.class === "CONSTANT" && typeof value === "number")
      return columns[value - 1]?.sources ?? [];
    return resolve(expression);
  };
  const note = (expression: unknown, kind: string) => {
    if (expression !== undefined)
      for (const one of named(expression as Node)) influences.push(influence(one, kind));
  };
  note(node.where_clause, "FILTER");
  note(node.having, "FILTER");
  note(node.qualify, "FILTER");
  for (const expression of (node.group_expressions as Node[] | undefined) ?? []) {
    grouped = true;
    note(expression, "GROUP_BY");
  }
  if (grouped && node.aggregate_handling === "FORCE_AGGREGATES") {
    for (const expression of (node.select_list as Node[]) ?? []) {
      if (expression.class !== "STAR" && !hasAggregate(expression))
        for (const one of resolve(expression)) influences.push(influence(one, "GROUP_BY"));
    }
  }
  for (const modifier of (node.modifiers as Node[] | undefined) ?? []) {
    if (modifier.type === "ORDER_MODIFIER")
      for (const order of modifier.orders as Node[]) {
        const expression = order.expression as Node;
        if (expression.class === "STAR")
          for (const column of columns)
            for (const one of column.sources) influences.push(influence(one, "SORT"));
        else note(expression, "SORT");
      }
    else if (modifier.type === "DISTINCT_MODIFIER") {
      const on = modifier.distinct_on_targets as Node[] | undefined;
      const found = on?.flatMap(named) ?? columns.flatMap((column) => column.sources);
      for (const one of found) influences.push(influence(one, "GROUP_BY"));
    } else if (modifier.type !== "LIMIT_MODIFIER" && modifier.type !== "LIMIT_PERCENT_MODIFIER")
      throw new Unsure();
  }
  return { columns, influences: uniqueInfluences(influences) };
}
