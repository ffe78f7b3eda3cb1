import { createLogger, type SqlPolicy } from "@mcp-data/core";
import type { Access, Engine, Limits, QueryRequest } from "../../engine/engine.ts";
import { createDuckdbEngine } from "../engine.ts";
import type { DuckdbOptions } from "../options.ts";

export const limits: Limits = {
  maxRows: 500,
  hardMaxRows: 10_000,
  maxBytes: 1_000_000,
  maxCellChars: 2_000,
  timeoutMs: 10_000,
  concurrency: 4,
};

export function access(policy: Partial<SqlPolicy> = {}, extra: Partial<Limits> = {}): Access {
  return { policy: { schemas: ["main"], ...policy }, limits: { ...limits, ...extra }, planCheck: true };
}

export function request(sql: string, changes: Partial<QueryRequest> = {}): QueryRequest {
  return {
    sql,
    params: [],
    maxRows: 500,
    timeoutMs: 10_000,
    offset: 0,
    access: access(),
    signal: signal(),
    ...changes,
  };
}

export function signal(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

export function engine(
  kind: "duckdb" | "files",
  paths: readonly string[],
  changes: Partial<DuckdbOptions> = {},
): Engine {
  return createDuckdbEngine({
    kind,
    sourceId: "test",
    paths,
    concurrency: 4,
    memoryLimit: "512MB",
    logger: createLogger({ server: "test", level: "error" }),
    ...changes,
  });
}
