import type { Jq } from "jq-wasm";
import { causeOf } from "./cause.ts";
import { createInput, InputProblem } from "./input.ts";
import type { Ended, Stop, WorkerJob } from "./protocol.ts";

/** Input a build without hooks takes. */
const plainBytes = 16 * 1024 * 1024;

/** Another build than the pinned one: the package's own input and output. */
export function runPlain(jq: Jq, job: WorkerJob, ms: () => number): Ended {
  const reader = createInput(job.input, job.nesting);
  const pieces: Uint8Array[] = [];
  const stoppedBy = (stop: Stop, detail: string) =>
    ({ kind: "stopped", id: job.id, stop, detail, stderr: "", ms: ms() }) as const;
  try {
    for (;;) {
      const piece = new Uint8Array(65_536);
      const count = reader.read(piece);
      if (count === 0) break;
      if (reader.bytesRead > plainBytes) return stoppedBy("memory", "no more than 16 MiB without hooks");
      pieces.push(piece.subarray(0, count));
    }
  } catch (error) {
    return stoppedBy(error instanceof InputProblem ? "input" : "crash", String((error as Error).message));
  }
  const text = Buffer.concat(pieces).toString();
  try {
    const { stdout, stderr, exitCode } = jq.raw(text as never, job.program, [...job.flags]);
    const output = new TextEncoder().encode(stdout === "" ? "" : `${stdout}\n`);
    if (output.length > job.outputBytes) return stoppedBy("output", "");
    return {
      kind: "done",
      id: job.id,
      exitCode,
      output,
      outputBytes: output.length,
      stderr: stderr.slice(0, job.stderrBytes),
      bytesRead: reader.bytesRead,
      ms: ms(),
    };
  } catch (error) {
    return stoppedBy(causeOf(error, "").why, String(error));
  }
}
