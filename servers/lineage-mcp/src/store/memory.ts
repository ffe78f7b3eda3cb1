/** A value as JSON holds it. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };
export type Record_ = Readonly<Record<string, Cell>>;

export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
  readonly truncated: boolean;
  readonly sql: string;
}

export interface MemoryStatus {
  readonly role: "owner" | "follower" | "starting";
  readonly as_of: string;
  readonly ingest_lag_ms: number;
  readonly backlog_bytes: number;
  readonly events: number;
  readonly dead_letters: number;
  readonly duplicates: number;
  readonly files: number;
  readonly tailer: "running" | "failed" | "restarting" | "elsewhere" | "off";
  readonly problem?: string;
  readonly set_aside?: string;
}

export interface Freshness {
  readonly as_of: string;
  readonly ingest_lag_ms: number;
}

/** The recorded memories, wherever the database is open: here, or in the process that owns it. */
export interface Memory {
  /** Our own SELECT; `$1`… are bound. */
  rows(sql: string, params?: readonly (string | number | null)[]): Promise<Record_[]>;
  /** A caller's text: one SELECT, judged and interrupted. */
  query(
    sql: string,
    limits: { readonly limit: number; readonly timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<QueryAnswer>;
  /** Everything written before the call can be read after it, unless reading it takes long; then the lag says so. */
  fresh(): Promise<Freshness>;
  status(): Promise<MemoryStatus>;
  /** Hears hashes of notebooks of which something new is known. */
  onChange(listener: (notebooks: readonly string[]) => void): () => void;
  close(): Promise<void>;
}
