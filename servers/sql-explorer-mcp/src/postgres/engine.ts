import type { Engine } from "../engine/engine.ts";
import { createCatalogCache } from "./catalog/cache.ts";
import { loadCatalog } from "./catalog/load.ts";
import { createPool } from "./connection/pool.ts";
import { runExplain } from "./explain.ts";
import type { PostgresOptions } from "./options.ts";
import { runOwn } from "./own-queries.ts";
import type { Parts } from "./parts.ts";
import { runQuery } from "./query.ts";
import { readSamples } from "./samples.ts";
import { createPlanMemory } from "./walls/plan-memory.ts";
import { privilegeFindings, privilegeQuery } from "./walls/privileges.ts";
import { createReadOnlySession, type Session } from "./walls/session.ts";
import { createJudge, type TextGate } from "./walls/statement.ts";

/** Walls 1 and 3; the engine's own unless a test composes them. */
export interface Walls {
  readonly gate: TextGate;
  readonly session: Session;
}

/** One PostgreSQL database behind its walls. Connects on first use. */
export function createPostgresEngine(options: PostgresOptions): Engine {
  return composeEngine(options, {
    gate: lazyGate(),
    session: createReadOnlySession({
      lockTimeoutMs: options.lockTimeoutMs ?? 2_000,
      idleTimeoutMs: options.idleTimeoutMs ?? 10_000,
    }),
  });
}

export function composeEngine(options: PostgresOptions, { gate, session }: Walls): Engine {
  const parts = createParts(options, gate, session);
  const { pool, catalogs, judge } = parts;
  return {
    kind: "postgres",
    snapshot: async (wanted) => (await catalogs.get(wanted)).snapshot,
    async check(sql, params, access, signal) {
      const first = await catalogs.current(signal);
      const verdict = await judge.verdict(sql, params, access, first);
      if (verdict.ok || !verdict.reason.endsWith("_not_allowed")) return verdict;
      const newer = await catalogs.afterMiss(first, signal);
      return newer === first ? verdict : judge.verdict(sql, params, access, newer);
    },
    query: (request) => runQuery(parts, request),
    explain: (request) => runExplain(parts, request),
    samples: (table, columns, limit, access, signal) =>
      readSamples(parts, table, columns, limit, access, signal),
    async ping(signal) {
      await runOwn(parts, ["SELECT 1"], signal);
    },
    async privileges(signal) {
      const [rows] = await runOwn(parts, [privilegeQuery], signal);
      return privilegeFindings(rows ?? []);
    },
    async close() {
      catalogs.close();
      await pool.close();
    },
  };
}

function createParts(options: PostgresOptions, gate: TextGate, session: Session): Parts {
  const pool = createPool(options, session);
  const ownTimeoutMs = options.ownTimeoutMs ?? 30_000;
  const catalogs = createCatalogCache({
    async load(signal) {
      const lease = await pool.acquireOwn(signal);
      try {
        const settings = { role: options.role, timeoutMs: ownTimeoutMs };
        return await loadCatalog(lease, session, settings, signal);
      } finally {
        lease.release();
      }
    },
    ttlMs: options.catalogTtlMs ?? 300_000,
    floorMs: 2_000,
    onBackgroundFailure: (error) => options.logger.warn("the catalog could not be renewed", { err: error }),
  });
  const judge = createJudge(gate, async (_catalog, oid) => {
    const signal = AbortSignal.timeout(ownTimeoutMs);
    const [rows] = await runOwn(parts, [`SELECT pg_catalog.pg_get_viewdef(${oid}::oid)`], signal);
    return rows?.[0]?.[0] ?? "";
  });
  const parts: Parts = {
    options,
    ownTimeoutMs,
    judge,
    session,
    pool,
    catalogs,
    memory: createPlanMemory(),
  };
  return parts;
}

/** The parser is loaded with the first statement. */
function lazyGate(): TextGate {
  let loading: Promise<TextGate> | undefined;
  return {
    async check(sql, input) {
      loading ??= import("@mcp-data/core/sql/postgres").then((gates) => gates.createPostgresGate());
      return (await loading).check(sql, input);
    },
  };
}
