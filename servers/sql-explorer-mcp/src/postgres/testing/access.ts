import type { SqlPolicy } from "@mcp-data/core";
import type { Access, Limits, QueryRequest } from "../../engine/engine.ts";

export const limits: Limits = {
  maxRows: 500,
  hardMaxRows: 10_000,
  maxBytes: 1_000_000,
  maxCellChars: 2_000,
  timeoutMs: 10_000,
  concurrency: 4,
};

export function access(policy: Partial<SqlPolicy> = {}, extra: Partial<Access> = {}): Access {
  return { policy: { schemas: ["public"], ...policy }, limits, planCheck: true, ...extra };
}

export function request(sql: string, extra: Partial<QueryRequest> = {}): QueryRequest {
  return {
    sql,
    params: [],
    maxRows: 500,
    timeoutMs: 10_000,
    offset: 0,
    access: access(),
    signal: new AbortController().signal,
    ...extra,
  };
}
