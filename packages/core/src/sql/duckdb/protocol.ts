import type { ErrorCode } from "../../error/codes.ts";
import type { CatalogFacts } from "./catalog-facts.ts";
import type { Cell } from "./cells.ts";
import type { Parsed } from "./parser.ts";

/** What a locked instance opens. */
export type LockedSource =
  | { readonly kind: "file"; readonly path: string }
  | {
      readonly kind: "views";
      /** Every file a view may read, absolute; nothing else is readable. */
      readonly files: readonly string[];
      readonly views: readonly FileView[];
    };

export interface FileView {
  readonly name: string;
  /** The SELECT behind the view. */
  readonly select: string;
}

export interface EngineCaps {
  /** As the engine writes it, e.g. `1GB`. */
  readonly memoryLimit: string;
  readonly threads: number;
  /** A private folder for spilled data. */
  readonly tempDirectory: string;
  readonly maxTempSize: string;
}

export interface RunRequest {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** Schemas a bare name is looked up in. */
  readonly searchPath: readonly string[];
  /** Rows to throw away first. */
  readonly skip: number;
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly maxCellChars: number;
  /** `generation` of the catalog the statement was judged by; a newer file answers "stale". */
  readonly generation?: number;
}

export interface RunResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
  /** More rows exist. */
  readonly truncated: boolean;
  /** The rows stopped at the size limit, not at the row limit. */
  readonly stoppedAtBytes: boolean;
  /** Shortened cells, by column. */
  readonly cutCells: readonly number[];
}

export interface OpenInfo {
  readonly database: string;
  /** Files no view could be made of. */
  readonly failed: readonly { readonly name: string; readonly message: string }[];
}

export type Operation =
  | { readonly op: "open"; readonly source: LockedSource; readonly caps: EngineCaps; readonly idleMs: number }
  | { readonly op: "parse"; readonly sql: string }
  | { readonly op: "run"; readonly request: RunRequest }
  | { readonly op: "explain"; readonly request: RunRequest; readonly analyze: boolean }
  | { readonly op: "catalog" }
  | { readonly op: "cancel"; readonly target: number };

export interface Answers {
  readonly open: OpenInfo;
  readonly parse: Parsed;
  readonly run: RunResult;
  /** The plan as the engine's JSON. */
  readonly explain: string;
  readonly catalog: CatalogFacts;
  readonly cancel: null;
}

export type Request = Operation & { readonly id: number };

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: EngineFailure };

export interface EngineFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly reason?: string;
}

/** Exit code of a child that stopped itself because it used too much memory. */
export const outOfMemoryExit = 99;
