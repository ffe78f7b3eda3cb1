/** Where a column of a SELECT comes from: `table` is a name in its FROM. */
export interface SqlSource {
  readonly table: string;
  readonly column: string;
  readonly code: "I" | "T" | "A" | "M";
}

export interface SqlColumns {
  /** In the order of the result. */
  readonly columns: readonly { readonly name: string; readonly sources: readonly SqlSource[] }[];
  readonly influences: readonly { readonly table: string; readonly column: string; readonly kind: string }[];
  readonly tables: readonly string[];
}

type Node = { readonly [key: string]: unknown };
type Influence = SqlColumns["influences"][number];

interface Relation {
  readonly alias: string;
  /** undefined: a table whose columns are not known. */
  readonly columns: Map<string, { name: string; sources: SqlSource[] }> | undefined;
  readonly table?: string;
  /** Names merged by USING: shown once. */
  readonly hidden?: ReadonlySet<string>;
}

interface Scope {
  readonly ctes: ReadonlyMap<string, Shape>;
  readonly columnsOf: (table: string) => readonly string[] | undefined;
  readonly tables: Set<string>;
}

interface Shape {
  readonly columns: { name: string; sources: SqlSource[] }[];
  readonly influences: Influence[];
}

class Unsure extends Error {}

const aggregates = new Set(
  "sum avg mean min max count first last any_value arg_max arg_min max_by min_by median mode quantile quantile_cont quantile_disc stddev stddev_samp stddev_pop variance var_samp var_pop string_agg group_concat listagg list array_agg product bool_and bool_or approx_count_distinct corr covar_samp covar_pop entropy kurtosis skewness histogram".split(
    " ",
  ),
);
const counts = new Set(["count", "approx_count_distinct"]);

/** Columns of one SELECT from its syntax tree; undefined when anything in it is not surely understood. */
export function sqlColumns(
  tree: string,
  columnsOf: (table: string) => readonly string[] | undefined,
): SqlColumns | undefined {
  try {
    const statements = (JSON.parse(tree) as { statements?: Node[] }).statements ?? [];
    const node = statements[0]?.node as Node | undefined;
    if (statements.length !== 1 || node === undefined) return undefined;
    const scope: Scope = { ctes: new Map(), columnsOf, tables: new Set() };
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

function renamed(shape: Shape, aliases: readonly string[]): Shape {
  return {
    ...shape,
    columns: shape.columns.map((column, at) => ({ ...column, name: aliases[at] ?? column.name })),
  };
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
    else if (modifier.type === "DISTINCT_MODIFIER")
      for (const column of columns)
        for (const one of column.sources) influences.push(influence(one, "GROUP_BY"));
    else if (modifier.type !== "LIMIT_MODIFIER" && modifier.type !== "LIMIT_PERCENT_MODIFIER")
      throw new Unsure();
  }
  return { columns, influences: uniqueInfluences(influences) };
}

function from(node: Node, scope: Scope, influences: Influence[]): Relation[] {
  switch (node.type) {
    case "EMPTY":
      return [];
    case "BASE_TABLE":
      return [base(node, scope, influences)];
    case "SUBQUERY": {
      const body = (node.subquery as Node | undefined)?.node as Node | undefined;
      if (body === undefined) throw new Unsure();
      const shape = query(body, scope);
      influences.push(...shape.influences);
      const names = node.column_name_alias as string[] | undefined;
      return [relation(String(node.alias ?? ""), names === undefined ? shape : renamed(shape, names))];
    }
    case "JOIN":
      return join(node, scope, influences);
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

function star(
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

function sources(
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

function reference(names: readonly string[], relations: readonly Relation[]): SqlSource[] {
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

function hasAggregate(expression: Node): boolean {
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

function nameOf(expression: Node): string {
  if (typeof expression.alias === "string" && expression.alias !== "") return expression.alias;
  if (expression.class === "COLUMN_REF") return (expression.column_names as string[]).at(-1) ?? "";
  return "";
}

const strength = ["I", "T", "A", "M"] as const;

function stronger(a: SqlSource["code"], b: SqlSource["code"]): SqlSource["code"] {
  return strength.indexOf(a) >= strength.indexOf(b) ? a : b;
}

function unique(all: readonly SqlSource[]): SqlSource[] {
  const known = new Map<string, SqlSource>();
  for (const one of all) {
    const key = JSON.stringify([one.table, one.column]);
    const before = known.get(key);
    known.set(key, before === undefined ? one : { ...one, code: stronger(before.code, one.code) });
  }
  return [...known.values()];
}

function uniqueInfluences(all: readonly Influence[]): Influence[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function influence({ table, column }: SqlSource, kind: string): Influence {
  return { table, column, kind };
}

function fold(name: string): string {
  return name.toLowerCase();
}
