import type { ColumnJudgement, ColumnRules } from "../compiled-policy.ts";
import type { TableAccess } from "../verdict.ts";

/** One item of a FROM clause, as names see it. */
export interface Source {
  /** What a qualifier must say; undefined for an item without a name. */
  readonly name: string | undefined;
  /** Set where a column may be written schema.table.column: a table without an alias. */
  readonly schema?: string;
  /** The table behind it. */
  readonly table?: TableAccess;
  /** In order; undefined when not known. */
  readonly columns: readonly string[] | undefined;
  readonly rules?: ColumnRules | undefined;
  /** What a whole row is: a table's or a query's row, or whatever a function returns (a bare scalar even). */
  readonly kind: "table" | "query" | "function";
}

/** What an expression sees: one query's FROM items, then those of the queries around it. */
export interface Scope {
  readonly sources: readonly Source[];
  readonly outer: Scope | undefined;
  /** Not every one of `sources` is sure to be visible: a match here does not hide an outer one. */
  readonly uncertain: boolean;
  readonly byName: ReadonlyMap<string, readonly Source[]>;
  readonly byColumn: ReadonlyMap<string, readonly Source[]>;
  readonly ruled: readonly Source[];
}

export interface ColumnMatch {
  readonly source: Source;
  readonly judgement: ColumnJudgement | undefined;
  /** The item is known to have the column. */
  readonly certain: boolean;
}

export function createScope(sources: readonly Source[], outer: Scope | undefined, uncertain = false): Scope {
  const byName = new Map<string, Source[]>();
  const byColumn = new Map<string, Source[]>();
  for (const source of sources) {
    if (source.name !== undefined) append(byName, source.name, source);
    for (const column of source.columns ?? []) append(byColumn, column, source);
  }
  const ruled = sources.filter((source) => source.rules !== undefined);
  return { sources, outer, uncertain, byName, byColumn, ruled };
}

function append(map: Map<string, Source[]>, key: string, source: Source): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [source]);
  else if (list.at(-1) !== source) list.push(source);
}

/** Whether the item holds any column under a rule, as far as is known. */
export function isRuled({ rules, columns }: Source): boolean {
  if (rules === undefined) return false;
  return columns === undefined || columns.some((column) => rules(column) !== undefined);
}

/** What a bare column name could mean, nearest first, up to where PostgreSQL surely finds it. */
export function matchColumn(scope: Scope | undefined, column: string): ColumnMatch[] {
  const found: ColumnMatch[] = [];
  // Rules may know a column the snapshot does not: they count when nothing else is sure.
  const unseen: ColumnMatch[] = [];
  for (let level = scope; level !== undefined; level = level.outer) {
    const sure = level.byColumn.get(column) ?? [];
    for (const source of sure) found.push({ source, judgement: source.rules?.(column), certain: true });
    for (const source of level.ruled) {
      const judgement = sure.includes(source) ? undefined : source.rules?.(column);
      if (judgement === undefined) continue;
      (source.columns === undefined ? found : unseen).push({ source, judgement, certain: false });
    }
    if (sure.length > 0 && !level.uncertain) return found;
  }
  return [...found, ...unseen];
}

/** The FROM items a qualifier could mean, up to the nearest level that surely has one. */
export function matchSource(scope: Scope | undefined, name: string, schema?: string): Source[] {
  const all: Source[] = [];
  for (let level = scope; level !== undefined; level = level.outer) {
    const named = level.byName.get(name) ?? [];
    const found = schema === undefined ? named : named.filter((source) => source.schema === schema);
    all.push(...found);
    if (found.length > 0 && !level.uncertain) break;
  }
  return all;
}
