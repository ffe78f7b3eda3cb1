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

export type Node = { readonly [key: string]: unknown };
export type Influence = SqlColumns["influences"][number];

export interface Relation {
  readonly alias: string;
  /** undefined: a table whose columns are not known. */
  readonly columns: Map<string, { name: string; sources: SqlSource[] }> | undefined;
  readonly table?: string;
  /** Names merged by USING: shown once. */
  readonly hidden?: ReadonlySet<string>;
}

export interface Scope {
  readonly ctes: ReadonlyMap<string, Shape>;
  readonly columnsOf: (table: string) => readonly string[] | undefined;
  readonly tables: Set<string>;
  /** Of a query inside; held here since FROM and queries contain each other. */
  readonly query: (node: Node, scope: Scope) => Shape;
}

export interface Shape {
  readonly columns: { name: string; sources: SqlSource[] }[];
  readonly influences: Influence[];
}

/** Something in the text is not surely understood. */
export class Unsure extends Error {}

export function renamed(shape: Shape, aliases: readonly string[]): Shape {
  return {
    ...shape,
    columns: shape.columns.map((column, at) => ({ ...column, name: aliases[at] ?? column.name })),
  };
}

const strength = ["I", "T", "A", "M"] as const;

export function stronger(a: SqlSource["code"], b: SqlSource["code"]): SqlSource["code"] {
  return strength.indexOf(a) >= strength.indexOf(b) ? a : b;
}

export function unique(all: readonly SqlSource[]): SqlSource[] {
  const known = new Map<string, SqlSource>();
  for (const one of all) {
    const key = JSON.stringify([one.table, one.column]);
    const before = known.get(key);
    known.set(key, before === undefined ? one : { ...one, code: stronger(before.code, one.code) });
  }
  return [...known.values()];
}

export function uniqueInfluences(all: readonly Influence[]): Influence[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

export function influence({ table, column }: SqlSource, kind: string): Influence {
  return { table, column, kind };
}

export function fold(name: string): string {
  return name.toLowerCase();
}
