import { isToolError, rejectionError, type Verdict } from "@mcp-data/core";
import type { Access } from "../engine/engine.ts";
import type { Catalog } from "./catalog.ts";
import type { Judged, Parts } from "./parts.ts";

export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly access: Access;
  readonly signal: AbortSignal;
}

/** Wall 1. A name that is not there may be newer than the catalog: it is looked up once more. */
export async function verdictOf(parts: Parts, statement: Statement) {
  const first = await parts.catalogs.get(statement);
  const verdict = await ask(parts, statement, first);
  if (verdict.ok || !verdict.reason.endsWith("_not_allowed")) return { verdict, catalog: first };
  const newer = await parts.catalogs.afterMiss(first, statement.signal);
  if (newer === first) return { verdict, catalog: first };
  return { verdict: await ask(parts, statement, newer), catalog: newer };
}

/** Runs `work` on a statement that passed; once more on a fresh catalog when the file was replaced in between. */
export async function withJudged<T>(
  parts: Parts,
  statement: Statement,
  work: (judged: Judged) => Promise<T>,
): Promise<T> {
  try {
    return await work(await accepted(parts, statement));
  } catch (error) {
    if (!isStale(error)) throw error;
    await parts.catalogs.get({ fresh: true, signal: statement.signal });
    return work(await accepted(parts, statement));
  }
}

async function accepted(parts: Parts, statement: Statement): Promise<Judged> {
  const { verdict, catalog } = await verdictOf(parts, statement);
  if (!verdict.ok) throw rejectionError(verdict);
  return { accepted: verdict, catalog };
}

function ask(parts: Parts, { sql, params, access, signal }: Statement, catalog: Catalog): Promise<Verdict> {
  return parts.gate.check(sql, {
    policy: access.policy,
    catalog: catalog.forPolicy(access.policy),
    params: params.length,
    signal,
  });
}

function isStale(error: unknown): boolean {
  return isToolError(error) && error.code === "CONFLICT" && error.details?.reason === "stale";
}
