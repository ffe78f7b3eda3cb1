import type { SqlPolicy, Verdict } from "@mcp-data/core";
import type { Snapshot } from "../catalog/snapshot.ts";

/** Ceilings of one source within one project. */
export interface Limits {
  /** Rows when the call names none. */
  readonly maxRows: number;
  /** Rows a call may ask for at most. */
  readonly hardMaxRows: number;
  /** Bytes of all returned cells. */
  readonly maxBytes: number;
  /** Characters of one cell. */
  readonly maxCellChars: number;
  readonly timeoutMs: number;
  /** The planner's total cost; absent: no ceiling. */
  readonly maxCost?: number;
  readonly concurrency: number;
}

/** What one project may do on one source; built from the config, never from a call. */
export interface Access {
  readonly policy: SqlPolicy;
  readonly limits: Limits;
  readonly planCheck: boolean;
  /** PostgreSQL only: SET LOCAL ROLE before the caller's text. */
  readonly role?: string;
}

export type Cell =
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | { readonly [key: string]: unknown };

export interface ResultColumn {
  readonly name: string;
  readonly type: string;
  readonly masked?: true;
}

export interface QueryRequest {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** Already within hardMaxRows. */
  readonly maxRows: number;
  /** Already within limits.timeoutMs. */
  readonly timeoutMs: number;
  /** Rows to skip; comes from a cursor only. */
  readonly offset: number;
  readonly access: Access;
  readonly signal: AbortSignal;
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Exact: more rows exist than were returned. */
  readonly truncated: boolean;
  /** Why rows are missing, or cells are shorter than stored. */
  readonly cuts: readonly string[];
  readonly sqlExecuted: string;
  /** `schema.table`, base tables behind views included where the plan shows them. */
  readonly tables: readonly string[];
  /** An outermost ORDER BY is there: the next page continues this one. */
  readonly ordered: boolean;
}

export interface PlanNode {
  readonly node: string;
  readonly relation?: string;
  readonly index?: string;
  readonly filter?: string;
  readonly cost?: number;
  readonly rows?: number;
  readonly actualRows?: number;
  readonly actualMs?: number;
  readonly loops?: number;
  readonly children?: readonly PlanNode[];
}

export interface ExplainResult {
  readonly plan: PlanNode;
  readonly relations: readonly string[];
  readonly totalCost?: number;
  readonly estimatedRows?: number;
  readonly executionMs?: number;
}

export interface ExplainRequest {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly analyze: boolean;
  readonly access: Access;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * One configured database or set of files. Every method that takes a caller's text passes all of its walls.
 * Failures are ToolErrors; nothing of the connection (host, user, path) is in them.
 */
export interface Engine {
  readonly kind: "postgres" | "duckdb" | "files";
  /** The cached snapshot; `fresh` forces a new one, otherwise the TTL decides. One refresh at a time. */
  snapshot(options: { readonly fresh?: boolean; readonly signal: AbortSignal }): Promise<Snapshot>;
  /** Wall 1 only; runs nothing. */
  check(sql: string, params: readonly unknown[], access: Access, signal: AbortSignal): Promise<Verdict>;
  query(request: QueryRequest): Promise<QueryResult>;
  explain(request: ExplainRequest): Promise<ExplainResult>;
  /** Up to `limit` distinct non-null values per column, as text, within a short time of its own. */
  samples(
    table: { readonly schema: string; readonly name: string },
    columns: readonly string[],
    limit: number,
    access: Access,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Rejects with CONNECTION_ERROR when the source does not answer. */
  ping(signal: AbortSignal): Promise<void>;
  /** What the login could do beyond reading; empty when nothing. */
  privileges(signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}
