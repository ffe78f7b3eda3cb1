import { createInput, type InputReader } from "./input.ts";
import { createOutput, type OutputCollector } from "./output.ts";
import type { Stop, WorkerJob } from "./protocol.ts";
import { createStderr, type StderrKeeper } from "./stderr.ts";

/** What a run reads and writes. */
export interface Streams {
  readonly input: InputReader;
  readonly output: OutputCollector;
  readonly stderr: StderrKeeper;
  /** Set by whoever ends the run from inside. */
  stop: { readonly why: Stop; readonly detail: string } | undefined;
}

export function streamsOf(job: WorkerJob): Streams {
  return {
    input: createInput(job.input, job.nesting),
    output: createOutput(job.outputBytes, job.spillPath),
    stderr: createStderr(job.stderrBytes),
    stop: undefined,
  };
}
