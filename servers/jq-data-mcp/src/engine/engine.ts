import type { Limits } from "./limits.ts";

/** whole: `.` is the document; each: once per element; reduce: once, elements through `inputs`. */
export const inputModes = ["whole", "each", "reduce"] as const;
export type InputMode = (typeof inputModes)[number];

export type EngineInput =
  /** The program runs once on null. */
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly split: boolean }
  /** Read from the start to the end; the caller opened it and closes it after the run. */
  | { readonly kind: "file"; readonly fd: number; readonly size: number; readonly split: boolean };

export interface Job {
  /** The whole text, library functions in front. */
  readonly program: string;
  /** Bound as `$name`; never part of the text. */
  readonly args?: Readonly<Record<string, unknown>>;
  readonly input: EngineInput;
  /** The program takes its input through `inputs`. */
  readonly nullInput?: boolean;
  /** All texts of the input as one array. */
  readonly slurp?: boolean;
  readonly limits: Limits;
  /** Whose share of the engine this takes. */
  readonly owner: string;
  /** Where output beyond what is held in memory goes; made when needed. */
  readonly spillPath?: string;
  readonly signal?: AbortSignal;
}

export interface EngineResult {
  readonly exitCode: number;
  /** One JSON text per line; undefined when it went to the spill file. */
  readonly output: Uint8Array | undefined;
  readonly outputBytes: number;
  readonly stderr: string;
  readonly bytesRead: number;
  readonly engine: EngineVersion;
  /** Milliseconds in the engine, without waiting. */
  readonly ms: number;
}

export interface EngineVersion {
  readonly kind: "wasm" | "native";
  readonly jq: string;
}

export interface Engine {
  readonly version: EngineVersion;
  /**
   * QUERY_ERROR with the engine's own message when the program fails, QUERY_TIMEOUT, CANCELLED, UNAVAILABLE when
   * too many wait, RESULT_TOO_LARGE, COST_LIMIT_EXCEEDED at the memory limit, VALIDATION_ERROR for what may not start.
   */
  run(job: Job): Promise<EngineResult>;
  stats(): EngineStats;
  close(): Promise<void>;
}

export interface EngineStats {
  readonly workers: number;
  readonly busy: number;
  readonly waiting: number;
  readonly runs: number;
  /** Runs that had to compile their program first. */
  readonly compiled: number;
  readonly killed: number;
}
