import { type CompiledPolicy, compilePolicy } from "../compiled-policy.ts";
import type { SqlPolicy } from "../policy.ts";
import { reject } from "../reject.ts";
import { checkText } from "../text.ts";
import type { Accepted, Verdict } from "../verdict.ts";
import { createIdentity, createVerdictCache } from "../verdict-cache.ts";
import { type AstNode, foldName, isNode, listField, nodeField } from "./ast.ts";
import type { DuckdbCatalog } from "./catalog.ts";
import type { SqlParser } from "./parser.ts";
import { explainCount, notOneSelect, notParsed, notThatMany, tooManyComments } from "./refusals.ts";
import { isOrdered, rowLimit } from "./row-limit.ts";
import { hasTooManyComments, withoutTrailingSemicolon } from "./text.ts";
import { walkStatement } from "./walk.ts";
import type { Facts } from "./walk-context.ts";

export interface GateContext {
  readonly policy: SqlPolicy;
  readonly catalog: DuckdbCatalog;
  /** Number of parameters the call passes; 0 when absent. */
  readonly params?: number;
  readonly signal?: AbortSignal;
}

export interface DuckdbGate {
  /** Never throws for a bad statement; rejects only when the parser itself cannot be reached. */
  check(sql: string, context: GateContext): Promise<Verdict>;
}

/** Rounds of "parse what the walk found behind views and macros". */
const maxRounds = 40;

/** Wall 1 for DuckDB: one SELECT whose every node, name, function and type is on a list of what is allowed. */
export function createDuckdbGate(parser: SqlParser): DuckdbGate {
  const cache = createVerdictCache();
  const identity = createIdentity();
  const policies = new WeakMap<SqlPolicy, CompiledPolicy>();
  // Trees of view and macro texts, by catalog: they go when the snapshot goes.
  const expanded = new WeakMap<DuckdbCatalog, Map<string, AstNode | "unreadable">>();

  function compiled(policy: SqlPolicy): CompiledPolicy {
    const known = policies.get(policy);
    if (known !== undefined) return known;
    const made = compilePolicy(policy, foldName);
    policies.set(policy, made);
    return made;
  }

  async function judge(sql: string, context: GateContext): Promise<Verdict> {
    const parsed = await parser.parse(sql, context.signal);
    if (!parsed.ok) return notParsed(parsed.message, parsed.position);
    const roots = parsed.tree === undefined ? undefined : statementsOf(parsed.tree);
    if (parsed.statements === 0 && (roots === undefined || roots.length === 0)) {
      return reject("empty_statement", "The statement is empty.", "Send one SELECT.");
    }
    if (parsed.statements !== 1) return explainCount(parsed.statements, sql);
    const root = roots?.[0];
    if (roots?.length !== 1 || root === undefined) return notOneSelect();
    const facts = await walkExpanded(root, context);
    if ("ok" in facts) return facts;
    const passed = context.params ?? 0;
    if (facts.parameters !== passed) return notThatMany(facts.parameters, passed);
    return accept(sql, parsed.tree ?? "", root, facts, context.signal);
  }

  async function walkExpanded(root: AstNode, { policy, catalog, signal }: GateContext) {
    const trees = expanded.get(catalog) ?? new Map<string, AstNode | "unreadable">();
    expanded.set(catalog, trees);
    const input = { policy: compiled(policy), catalog, parsed: (text: string) => trees.get(text) };
    for (let round = 0; ; round++) {
      const facts = walkStatement(root, input);
      if ("ok" in facts || facts.missing.size === 0) return facts;
      if (round === maxRounds)
        return reject("too_large", "The views and macros of the statement are nested too deep.");
      for (const text of facts.missing) trees.set(text, await parseExpansion(text, signal));
    }
  }

  async function parseExpansion(text: string, signal?: AbortSignal): Promise<AstNode | "unreadable"> {
    const parsed = await parser.parse(text, signal);
    if (!parsed.ok || parsed.statements !== 1 || parsed.tree === undefined) return "unreadable";
    return statementsOf(parsed.tree)[0] ?? "unreadable";
  }

  async function accept(
    sql: string,
    tree: string,
    root: AstNode,
    facts: Facts,
    signal: AbortSignal | undefined,
  ): Promise<Accepted> {
    const node = nodeField(root, "node") ?? {};
    const { text, exact } = await bareText(sql, tree, signal);
    const limit = rowLimit(node);
    return {
      ok: true,
      tables: [...facts.tables.values()].map(({ schema, name }) => ({ schema, name })),
      columns: [...facts.columns],
      functions: [...facts.functions],
      limit: exact ? limit : { ...limit, kind: limit.kind === "none" ? "other" : limit.kind },
      ordered: isOrdered(node),
      text,
      parameters: facts.parameters,
      ...(facts.masked.size === 0 ? {} : { maskedOutputs: [...facts.masked] }),
    };
  }

  /** The text a LIMIT can follow; it must parse to the very tree that was judged. */
  async function bareText(sql: string, tree: string, signal: AbortSignal | undefined) {
    const text = sql.includes(";") ? withoutTrailingSemicolon(sql) : sql;
    if (text === sql)
      return { text, exact: !sql.includes(";") || (await sameTree(`${sql}\n`, tree, signal)) };
    const exact = await sameTree(text, tree, signal);
    return exact ? { text, exact } : { text: sql, exact: false };
  }

  async function sameTree(text: string, tree: string, signal: AbortSignal | undefined): Promise<boolean> {
    const again = await parser.parse(text, signal);
    return again.ok && again.statements === 1 && again.tree === tree;
  }

  return {
    async check(sql, context) {
      const policy = compiled(context.policy);
      const early = checkText(sql, policy.maxSqlBytes);
      if (early !== undefined) return early;
      if (hasTooManyComments(sql)) return tooManyComments();
      const key = [
        identity(context.policy),
        identity(context.catalog),
        context.catalog.epoch,
        context.params ?? 0,
        sql,
      ].join("|");
      const known = cache.get(key);
      if (known !== undefined) return known;
      const verdict = await judge(sql, context);
      cache.set(key, verdict);
      return verdict;
    },
  };
}

function statementsOf(tree: string): AstNode[] {
  const whole = JSON.parse(tree) as AstNode;
  return listField(whole, "statements").filter(isNode);
}
