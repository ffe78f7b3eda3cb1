import type { Logger } from "@mcp-data/core";
import type { WorkerEntry } from "@mcp-data/core/sql/duckdb";

export interface DuckdbOptions {
  readonly kind: "duckdb" | "files";
  readonly sourceId: string;
  /** One .duckdb file, or files and folders of data files; absolute. */
  readonly paths: readonly string[];
  /** Statements at once. */
  readonly concurrency: number;
  /** As the engine writes it; 1GB when absent. */
  readonly memoryLimit?: string;
  /** 2 when absent. */
  readonly threads?: number;
  /** 300,000 when absent. */
  readonly catalogTtlMs?: number;
  /** Catalog reads, pings; 30,000 when absent. */
  readonly ownTimeoutMs?: number;
  /** An unused file is let go of after this; 5,000 when absent. */
  readonly idleMs?: number;
  /** The build entry when absent. */
  readonly child?: WorkerEntry;
  readonly logger: Logger;
}
