import type { Logger } from "@mcp-data/core";

/** Text that must not be printed; `reveal` is called when a connection is made. */
export interface HiddenText {
  reveal(): string;
}

export interface PostgresOptions {
  readonly dsn: HiddenText;
  readonly sourceId: string;
  /** Callers served at the same time; one more connection is kept for the catalog and for pings. */
  readonly poolMax: number;
  /** As node's TLS options, or true; what the DSN says wins. */
  readonly ssl?: boolean | Readonly<Record<string, unknown>>;
  /** Role the catalog is read as; the login when absent. */
  readonly role?: string;
  /** 300,000 when absent. */
  readonly catalogTtlMs?: number;
  /** 2,000 when absent. */
  readonly lockTimeoutMs?: number;
  /** 10,000 when absent. */
  readonly idleTimeoutMs?: number;
  /** Catalog, ping and probe statements; 30,000 when absent. */
  readonly ownTimeoutMs?: number;
  /** Until a connection is made; 5,000 when absent. */
  readonly connectTimeoutMs?: number;
  /** Until a busy pool answers UNAVAILABLE; 5,000 when absent. */
  readonly acquireTimeoutMs?: number;
  readonly logger: Logger;
}
