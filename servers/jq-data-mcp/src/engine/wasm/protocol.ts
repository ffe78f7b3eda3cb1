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
  /** Where the program stands among those compiled together; absent: it runs by itself. */
  readonly place?: Place | undefined;
  /** The repertoire that place is in, when this worker was not told it yet. */
  readonly repertoire?: Repertoire | undefined;
}

/** Programs compiled together, so that none has to be compiled when it is asked for. */
export interface Repertoire {
  readonly version: number;
  readonly text: string;
}

export interface Place {
  readonly version: number;
  readonly index: number;
  /** The arguments as one JSON object. */
  readonly args: string;
}

/** Why a run ended that jq itself did not end. */
export type Stop = "memory" | "stack" | "output" | "stderr" | "input" | "crash";

export type Ended =
  | {
      readonly kind: "done";
      readonly id: number;
      readonly exitCode: number;
      readonly output: Uint8Array | undefined;
      readonly outputBytes: number;
      readonly stderr: string;
      readonly bytesRead: number;
      readonly ms: number;
      /** Its program did not have to be compiled. */
      readonly together?: boolean;
    }
  | {
      readonly kind: "stopped";
      readonly id: number;
      readonly stop: Stop;
      readonly detail: string;
      readonly stderr: string;
      readonly ms: number;
    };

export type WorkerAnswer =
  | { readonly kind: "ready"; readonly version: string; readonly thread: number }
  | { readonly kind: "unfit"; readonly reason: string }
  /** The programs of a repertoire do not compile together. */
  | { readonly kind: "no_repertoire"; readonly version: number }
  | Ended;

export interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly hooked: boolean;
  /** Runs after which the instance is made anew: descriptors leak inside it. */
  readonly recycleAfter: number;
  /** Niceness of the worker's thread, so that answers go out while programs burn. */
  readonly nice: number;
  /** Counts the jobs posted; the worker sleeps on it. */
  readonly bell: Int32Array;
}
