/** What the pool and a worker tell each other; plain data. */
export type WorkerInput =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly split: boolean }
  | { readonly kind: "file"; readonly fd: number; readonly split: boolean };

export interface WorkerJob {
  readonly id: number;
  /** Everything before the program. */
  readonly flags: readonly string[];
  readonly program: string;
  readonly input: WorkerInput;
  readonly outputBytes: number;
  readonly stderrBytes: number;
  readonly nesting: number;
  readonly spillPath?: string | undefined;
}

/** Why a run ended that jq itself did not end. */
export type Stop = "memory" | "stack" | "output" | "stderr" | "input" | "crash";

export type WorkerAnswer =
  | { readonly kind: "ready"; readonly version: string; readonly thread: number }
  | { readonly kind: "unfit"; readonly reason: string }
  | {
      readonly kind: "done";
      readonly id: number;
      readonly exitCode: number;
      readonly output: Uint8Array | undefined;
      readonly outputBytes: number;
      readonly stderr: string;
      readonly bytesRead: number;
      readonly ms: number;
    }
  | {
      readonly kind: "stopped";
      readonly id: number;
      readonly stop: Stop;
      readonly detail: string;
      readonly stderr: string;
      readonly ms: number;
    };

export interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly hooked: boolean;
  /** Runs after which the instance is made anew: descriptors leak inside it. */
  readonly recycleAfter: number;
  /** Niceness of the worker's thread, so that answers go out while programs burn. */
  readonly nice: number;
}
