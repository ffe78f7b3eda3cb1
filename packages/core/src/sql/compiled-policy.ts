import { columnTest, type TableTest, tableTest } from "./patterns.ts";
import type { GateRelation, SqlPolicy } from "./policy.ts";

/** `schema` and `table` say which list refused the name; `excluded` is a table an exclude list names. */
export type TableJudgement = "allowed" | "schema" | "table" | "excluded";

export type ColumnJudgement = "deny" | "mask";

/** The rules that hold for one relation's columns; deny wins over mask. */
export type ColumnRules = (column: string) => ColumnJudgement | undefined;

/** A policy with its patterns ready to be asked. */
export interface CompiledPolicy {
  readonly schemas: readonly string[];
  readonly maxSqlBytes: number;
  schema(name: string): boolean;
  table(schema: string, name: string): TableJudgement;
  /** Undefined when no rule names the relation. */
  columns(schema: string, name: string): ColumnRules | undefined;
  trustedView(schema: string, name: string): boolean;
  /** What the configuration adds to the engine's function list: exact names and prefixes. */
  readonly extraFunctions: ReadonlySet<string>;
  readonly extraPrefixes: readonly string[];
}

const defaultMaxSqlBytes = 65_536;

/**
 * Throws RangeError on a malformed table pattern.
 * `fold` brings names to the form the engine compares them in (DuckDB ignores case, PostgreSQL does not).
 */
export function compilePolicy(
  policy: SqlPolicy,
  fold: (name: string) => string = (name) => name,
): CompiledPolicy {
  const schemas = new Set(policy.schemas.map(fold));
  const allow = tests(policy.allowTables, fold);
  const exclude = tests(policy.excludeTables, fold);
  const trusted = tests(policy.trustedViews, fold);
  const rules = Object.entries(policy.columns ?? {}).map(([pattern, rule]) => ({
    table: tableTest(pattern, fold),
    deny: (rule.deny ?? []).map((column) => columnTest(column, fold)),
    mask: (rule.mask ?? []).map((column) => columnTest(column, fold)),
  }));
  return {
    schemas: policy.schemas,
    maxSqlBytes: policy.maxSqlBytes ?? defaultMaxSqlBytes,
    schema: (name) => schemas.has(fold(name)),
    table(schema, name) {
      if (exclude.some((test) => test(schema, name))) return "excluded";
      if (!schemas.has(fold(schema))) return "schema";
      if (allow.length > 0 && !allow.some((test) => test(schema, name))) return "table";
      return "allowed";
    },
    columns(schema, name) {
      const held = rules.filter((rule) => rule.table(schema, name));
      const deny = held.flatMap((rule) => rule.deny);
      const mask = held.flatMap((rule) => rule.mask);
      if (deny.length + mask.length === 0) return undefined;
      return (column) => {
        if (deny.some((test) => test(column))) return "deny";
        return mask.some((test) => test(column)) ? "mask" : undefined;
      };
    },
    trustedView: (schema, name) => trusted.some((test) => test(schema, name)),
    extraFunctions: new Set((policy.functions?.allow ?? []).map(fold)),
    extraPrefixes: (policy.functions?.allowPrefixes ?? []).map(fold).filter((prefix) => prefix !== ""),
  };
}

/** A generated column shows what it is computed from. */
export function throughGenerated(
  generated: GateRelation["generated"],
  rules: ColumnRules | undefined,
): ColumnRules | undefined {
  if (rules === undefined || generated === undefined) return rules;
  return (column) => {
    const judgements = [column, ...(generated.get(column) ?? [])].map(rules);
    return judgements.includes("deny") ? "deny" : judgements.find((judgement) => judgement !== undefined);
  };
}

function tests(patterns: readonly string[] | undefined, fold: (name: string) => string): TableTest[] {
  return (patterns ?? []).map((pattern) => tableTest(pattern, fold));
}
