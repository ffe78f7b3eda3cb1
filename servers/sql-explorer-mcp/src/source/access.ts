import { type ColumnRule, type SqlPolicy, tableTest } from "@mcp-data/core";
import type { Snapshot } from "../catalog/snapshot.ts";
import {
  limitsSchema,
  type Narrowing,
  type ProjectConfig,
  type SourceConfig,
} from "../config/source-config.ts";
import type { Access, Limits } from "../engine/engine.ts";

import { foldOf } from "./fold.ts";

/** A source's settings narrowed by a project's: lists intersect, exclusions add up, limits take the smaller. */
export interface Scope {
  readonly source: SourceConfig;
  readonly project: ProjectConfig | undefined;
}

export function limitsOf({ source, project }: Scope): Limits {
  const own = { ...fallback, ...given(source) };
  const narrowed = { ...own, ...(project === undefined ? {} : given(project)) };
  const smaller = (field: keyof typeof fallback) => Math.min(own[field], narrowed[field]);
  const hardMaxRows = smaller("hard_max_rows");
  const maxCost = least(own.max_cost, narrowed.max_cost);
  return {
    maxRows: Math.min(narrowed.max_rows, hardMaxRows),
    hardMaxRows,
    maxBytes: smaller("max_bytes"),
    maxCellChars: smaller("max_cell_chars"),
    timeoutMs: smaller("timeout_ms"),
    ...(maxCost === undefined ? {} : { maxCost }),
    concurrency: own.concurrency,
  };
}

/** The policy for one snapshot: only here do absent schemas become "every schema there is". */
export function accessOf(scope: Scope, snapshot: Snapshot): Access {
  const { source, project } = scope;
  const role = project?.readonly_role ?? source.readonly_role;
  return {
    policy: policyOf(scope, snapshot),
    limits: limitsOf(scope),
    planCheck: source.plan_check,
    ...(role === undefined ? {} : { role }),
  };
}

function policyOf({ source, project }: Scope, snapshot: Snapshot): SqlPolicy {
  const own = source.schemas ?? everySchema(snapshot);
  const wanted = project?.schemas ?? (project?.schema === undefined ? undefined : [project.schema]);
  const functions = functionsOf(source);
  const trustedViews = project?.trusted_views ?? source.trusted_views;
  const sourceAllows = source.allow_tables ?? source.allowed_tables;
  const projectAllows = project?.allow_tables ?? project?.allowed_tables;
  const fold = foldOf(source.kind);
  const allowTables = bothAllow(sourceAllows, projectAllows, snapshot, fold);
  // An empty list would mean "all"; lists that share nothing mean "nothing".
  const nothing = allowTables?.length === 0 && Boolean(sourceAllows?.length && projectAllows?.length);
  return {
    schemas: nothing
      ? []
      : (wanted ?? own).filter((schema) => own.some((other) => fold(other) === fold(schema))),
    ...(allowTables === undefined ? {} : { allowTables }),
    excludeTables: [
      ...(source.exclude_tables ?? []),
      ...(source.excluded_tables ?? []),
      ...(project?.exclude_tables ?? []),
      ...(project?.excluded_tables ?? []),
    ],
    columns: mergeColumns(source.columns, project?.columns),
    ...(trustedViews === undefined ? {} : { trustedViews }),
    ...(functions === undefined ? {} : { functions }),
  };
}

function everySchema(snapshot: Snapshot): string[] {
  const names = snapshot.schemas.map((schema) => schema.name);
  const first = names.filter((name): boolean => name === "public" || name === "main");
  return [...first, ...names.filter((name) => !first.includes(name)).sort()];
}

/** Two allow lists both count: with both given, the result is the relations of the snapshot that fit each. */
function bothAllow(
  source: readonly string[] | undefined,
  project: readonly string[] | undefined,
  snapshot: Snapshot,
  fold: (name: string) => string,
): readonly string[] | undefined {
  if (!source?.length || !project?.length) return project?.length ? project : source;
  const tests = [source, project].map((patterns) => patterns.map((pattern) => tableTest(pattern, fold)));
  return snapshot.relations
    .filter(({ schema, name }) => tests.every((list) => list.some((test) => test(schema, name))))
    .map(({ schema, name }) => `${quoted(schema)}.${quoted(name)}`);
}

/** A pattern that fits this very name. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function functionsOf(source: SourceConfig): SqlPolicy["functions"] {
  const allow = [...(source.functions?.allow ?? []), ...(source.allow_functions ?? [])];
  const allowPrefixes = [
    ...(source.functions?.allow_prefixes ?? []),
    ...(source.allow_function_prefixes ?? []),
  ];
  return allow.length + allowPrefixes.length === 0 ? undefined : { allow, allowPrefixes };
}

function mergeColumns(...rules: (Narrowing["columns"] | undefined)[]): Record<string, ColumnRule> {
  const merged: Record<string, ColumnRule> = {};
  for (const [table, rule] of rules.flatMap((each) => Object.entries(each ?? {}))) {
    const before = merged[table];
    merged[table] = {
      deny: [...(before?.deny ?? []), ...(rule.deny ?? [])],
      mask: [...(before?.mask ?? []), ...(rule.mask ?? [])],
    };
  }
  return merged;
}

const fallback = limitsSchema.omit({ max_cost: true }).parse({});

type LimitFields = NonNullable<Narrowing["limits"]>;
type Defined<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The aliases of the founding plan folded in. */
function given(narrowing: Narrowing): Defined<LimitFields> {
  const { max_rows_per_query: rows, max_query_timeout_seconds: seconds } = narrowing;
  return {
    ...(rows === undefined ? {} : { max_rows: rows }),
    ...(seconds === undefined ? {} : { timeout_ms: Math.round(seconds * 1_000) }),
    ...definedOnly(narrowing.limits ?? {}),
  };
}

function definedOnly(limits: LimitFields): Defined<LimitFields> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
