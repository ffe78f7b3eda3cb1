import { argumentFlags } from "../check-job.ts";
import type { EngineResult, Job } from "../engine.ts";
import type { Place, Repertoire, WorkerInput, WorkerJob } from "./protocol.ts";

/** A run somebody waits for. */
export interface Task {
  readonly job: Job;
  readonly flags: readonly string[];
  readonly resolve: (result: EngineResult) => void;
  readonly reject: (error: unknown) => void;
  settled: boolean;
  timer?: NodeJS.Timeout;
  onAbort?: () => void;
}

/** Whoever comes first answers; nothing is waited for after that. */
export function finish(task: Task, settle: () => void): void {
  if (task.settled) return;
  task.settled = true;
  clearTimeout(task.timer);
  if (task.onAbort !== undefined) task.job.signal?.removeEventListener("abort", task.onAbort);
  settle();
}

/** Everything before the program. VALIDATION_ERROR for sizes beyond the job's limits. */
export function flagsOf(job: Job): string[] {
  return [
    "-c",
    ...(job.nullInput || job.input.kind === "none" ? ["-n"] : []),
    ...(job.slurp ? ["-s"] : []),
    ...argumentFlags(job),
    "--",
  ];
}

/** What a worker is told, and what of it moves to its thread. */
export function messageOf(
  { job, flags }: Task,
  id: number,
  placed: { readonly place?: Place | undefined; readonly repertoire?: Repertoire | undefined },
): { readonly message: WorkerJob; readonly moved: ArrayBuffer[] } {
  const { limits } = job;
  // A copy: splitting writes into it, and the worker takes it over.
  const bytes = job.input.kind === "bytes" ? new Uint8Array(job.input.bytes) : undefined;
  const input: WorkerInput =
    job.input.kind === "bytes" && bytes !== undefined ? { ...job.input, bytes } : job.input;
  return {
    message: {
      id,
      flags,
      program: job.program,
      input,
      outputBytes: limits.outputBytes,
      stderrBytes: limits.stderrBytes,
      nesting: limits.nesting,
      spillPath: job.spillPath,
      ...placed,
    },
    moved: bytes === undefined ? [] : [bytes.buffer],
  };
}
