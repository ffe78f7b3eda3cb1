import { type CompiledPolicy, compilePolicy } from "../compiled-policy.ts";
import type { GateCatalog, SqlPolicy } from "../policy.ts";
import { reject } from "../reject.ts";
import { checkText } from "../text.ts";
import type { Verdict } from "../verdict.ts";
import { createIdentity, createVerdictCache } from "../verdict-cache.ts";
import type { Analysis } from "./analysis.ts";
import { checkSigns } from "./lexing.ts";
import { createPostgresParser, type PostgresParser } from "./parser.ts";
import { judgeQuery } from "./queries.ts";
import { Refusal, refuse } from "./refusal.ts";
import { checkStructure } from "./structure.ts";
import { rowLimit, statementText } from "./tail.ts";

export interface GateInput {
  readonly policy: SqlPolicy;
  /** Without one, bare names mean the first allowed schema and what only a catalog could tell is refused. */
  readonly catalog?: GateCatalog;
  /** How many values the caller passes for $1, $2, … */
  readonly params: number;
}

/** Judges SQL text before anything is sent to a server. */
export interface Gate {
  /** Never throws for any text. Throws RangeError for a malformed policy. */
  check(sql: string, input: GateInput): Verdict;
}

/** Loads the server's grammar; the gate itself then answers synchronously. */
export async function createPostgresGate(): Promise<Gate> {
  const parser = await createPostgresParser();
  const cache = createVerdictCache();
  const identify = createIdentity();
  const policies = new WeakMap<SqlPolicy, CompiledPolicy>();
  return {
    check(sql, { policy, catalog, params }) {
      let compiled = policies.get(policy);
      if (compiled === undefined) {
        compiled = compilePolicy(policy);
        policies.set(policy, compiled);
      }
      const unfit = checkText(sql, compiled.maxSqlBytes) ?? checkSigns(sql);
      if (unfit !== undefined) return unfit;
      const key = JSON.stringify([identify(policy), identify(catalog), catalog?.epoch ?? "", params]) + sql;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const verdict = judge(parser, sql, compiled, catalog, params);
      cache.set(key, verdict);
      return verdict;
    },
  };
}

function judge(
  parser: PostgresParser,
  sql: string,
  policy: CompiledPolicy,
  catalog: GateCatalog | undefined,
  params: number,
): Verdict {
  const parsed = parser.parse(sql);
  if (!parsed.ok) {
    const position = parsed.position === undefined ? {} : { position: parsed.position };
    return reject(
      "parse_error",
      clip(parsed.message),
      "Correct the statement; it is read as PostgreSQL.",
      position,
    );
  }
  const [statement, ...more] = parsed.statements;
  if (statement === undefined) {
    return reject("empty_statement", "The text holds no statement.", "Send one SELECT.");
  }
  if (more.length > 0) {
    return reject(
      "multiple_statements",
      `The text holds ${more.length + 1} statements; one is accepted.`,
      "Send each in a call of its own.",
    );
  }
  try {
    const structure = checkStructure(statement.stmt, policy, catalog, params);
    // The server would end the connection's group with a protocol error.
    if (structure.parameters < params) refuseSurplus(structure.parameters, params);
    const analysis = createAnalysis(policy, catalog);
    const select = "SelectStmt" in statement.stmt ? statement.stmt.SelectStmt : {};
    judgeQuery(select, undefined, undefined, true, analysis);
    return {
      ok: true,
      tables: [...analysis.tables.values()],
      columns: [...analysis.columns].sort(),
      functions: [...structure.functions].sort(),
      limit: rowLimit(select),
      ordered: (select.sortClause?.length ?? 0) > 0,
      text: statementText(sql, statement),
      parameters: structure.parameters,
      ...(analysis.masked.size === 0 ? {} : { maskedOutputs: [...analysis.masked] }),
    };
  } catch (error) {
    if (error instanceof Refusal) return error.verdict;
    throw error;
  }
}

function createAnalysis(policy: CompiledPolicy, catalog: GateCatalog | undefined): Analysis {
  const analysis: Analysis = {
    policy,
    catalog,
    tables: new Map(),
    columns: new Set(),
    masked: new Set(),
    query: (select, ctes, outer) => judgeQuery(select, ctes, outer, false, analysis),
  };
  return analysis;
}

function refuseSurplus(used: number, given: number): never {
  return refuse(
    "forbidden_statement",
    `The statement uses ${used === 0 ? "no parameter" : `parameters up to $${used}`}, but ${given} were given.`,
    "Pass one value in params for each $n, and no more.",
  );
}

function clip(message: string): string {
  return message.length > 200 ? `${message.slice(0, 199)}…` : message;
}
