import { type Jq, loadJq } from "jq-wasm";
import { createInput, InputProblem, type InputReader } from "./input.ts";
import { createOutput, type OutputCollector } from "./output.ts";
import type { Stop, WorkerAnswer, WorkerJob } from "./protocol.ts";

/** Memory an instance may keep between runs; it never gives any back. */
const keptBytes = 48 * 1024 * 1024;
/** Input a build without hooks takes. */
const plainBytes = 16 * 1024 * 1024;

export interface Instance {
  run(job: WorkerJob): Extract<WorkerAnswer, { kind: "done" | "stopped" }>;
  /** Its state is no longer sure, or it has grown. */
  readonly spent: boolean;
  readonly version: string;
}

interface Streams {
  readonly input: InputReader;
  readonly output: OutputCollector;
  readonly stderr: StderrKeeper;
  stop: { readonly why: Stop; readonly detail: string } | undefined;
}

/** Thrown through the engine to end a run; its instance is dropped. */
class Halt extends Error {}

type Imports = Record<string, (...args: number[]) => unknown>;

/** Import names of the pinned build: open a path, read, write. */
const names = { open: "f", read: "h", write: "d", module: "a", memory: "F" } as const;

/** One jq in one WebAssembly memory. */
export async function createInstance(module: WebAssembly.Module, hooked: boolean): Promise<Instance> {
  let streams: Streams | undefined;
  let memory: WebAssembly.Memory | undefined;
  let stdin = -1;
  let spent = false;

  const jq: Jq = hooked
    ? await loadJq({
        instantiateWasm(imports, onSuccess) {
          const own = hookedImports(imports);
          WebAssembly.instantiate(module, own).then((instance) => {
            memory = instance.exports[names.memory] as WebAssembly.Memory;
            onSuccess(instance, module);
          });
        },
      })
    : await loadJq({ wasmModule: module });

  function hookedImports(imports: WebAssembly.Imports): WebAssembly.Imports {
    const given = imports[names.module] as Imports;
    const view = () => new DataView((memory as WebAssembly.Memory).buffer);
    const eachPiece = (iov: number, count: number, use: (piece: Uint8Array) => boolean) => {
      const data = view();
      for (let i = 0; i < count; i += 1) {
        const from = data.getUint32(iov + i * 8, true);
        const size = data.getUint32(iov + i * 8 + 4, true);
        if (size > 0 && !use(new Uint8Array(data.buffer as ArrayBuffer, from, size))) return;
      }
    };
    const own: Imports = {
      ...given,
      [names.open]: (...args) => {
        const fd = given[names.open]?.(...args) as number;
        if (streams !== undefined && fd >= 0) stdin = fd;
        return fd;
      },
      [names.read]: (...args) => {
        const [fd = 0, iov = 0, count = 0, sum = 0] = args;
        if (streams === undefined || fd !== stdin) return given[names.read]?.(...args);
        const { input } = streams;
        let total = 0;
        try {
          eachPiece(iov, count, (piece) => {
            const read = input.read(piece);
            total += read;
            return read === piece.length;
          });
        } catch (error) {
          streams.stop = {
            why: error instanceof InputProblem ? "input" : "crash",
            detail: String((error as Error).message),
          };
          throw new Halt();
        }
        view().setUint32(sum, total, true);
        return 0;
      },
      [names.write]: (...args) => {
        const [fd = 0, iov = 0, count = 0, sum = 0] = args;
        const running = streams;
        if (running === undefined || (fd !== 1 && fd !== 2)) return given[names.write]?.(...args);
        let total = 0;
        eachPiece(iov, count, (piece) => {
          total += piece.length;
          const fits = fd === 1 ? running.output.push(piece) : running.stderr.push(piece);
          if (!fits) running.stop = { why: fd === 1 ? "output" : "stderr", detail: "" };
          return fits;
        });
        if (running.stop !== undefined) throw new Halt();
        view().setUint32(sum, total, true);
        return 0;
      },
    };
    return { ...imports, [names.module]: own as WebAssembly.ModuleImports };
  }

  return {
    version: jq.version,
    get spent() {
      return spent;
    },
    run(job) {
      const started = performance.now();
      const ms = () => performance.now() - started;
      if (!hooked) {
        const done = runPlain(jq, job, ms);
        // Nothing tells how far it got, nor what it left open.
        if (done.kind === "stopped") spent = true;
        return done;
      }
      const output = createOutput(job.outputBytes, job.spillPath);
      const stderr = createStderr(job.stderrBytes);
      streams = { input: createInput(job.input, job.nesting), output, stderr, stop: undefined };
      stdin = -1;
      try {
        const { exitCode } = jq.raw(null, job.program, [...job.flags]);
        // An engine that ran out of memory may say so and end as if by itself.
        const { bytes, total } = output.finish();
        if ((memory?.buffer.byteLength ?? 0) > keptBytes) spent = true;
        const { bytesRead } = streams.input;
        return {
          kind: "done",
          id: job.id,
          exitCode,
          output: bytes,
          outputBytes: total,
          stderr: stderr.text(),
          bytesRead,
          ms: ms(),
        };
      } catch (error) {
        spent = true;
        output.discard();
        const { why, detail } = streams.stop ?? causeOf(error, stderr.text());
        return { kind: "stopped", id: job.id, stop: why, detail, stderr: stderr.text(), ms: ms() };
      } finally {
        streams = undefined;
      }
    },
  };
}

/** Another build than the pinned one: the package's own input and output. */
function runPlain(
  jq: Jq,
  job: WorkerJob,
  ms: () => number,
): Extract<WorkerAnswer, { kind: "done" | "stopped" }> {
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

function causeOf(error: unknown, stderr: string): { why: Stop; detail: string } {
  const text = String((error as Error)?.message ?? error);
  if (/cannot allocate|out of memory/i.test(stderr) || /Aborted|memory/i.test(text)) {
    return { why: /out of bounds/.test(text) ? "stack" : "memory", detail: text };
  }
  if (/stack|call stack|out of bounds|unreachable|signature|null function/i.test(text))
    return { why: "stack", detail: text };
  return { why: "crash", detail: text };
}

interface StderrKeeper {
  push(bytes: Uint8Array): boolean;
  text(): string;
}

/** Keeps the beginning; a flood far beyond it ends the run. */
function createStderr(limit: number): StderrKeeper {
  let kept = Buffer.alloc(0);
  let used = 0;
  let total = 0;
  return {
    push(bytes) {
      total += bytes.length;
      const fitting = Math.min(bytes.length, limit - used);
      if (fitting > 0) {
        if (kept.length === 0) kept = Buffer.alloc(limit);
        kept.set(bytes.subarray(0, fitting), used);
        used += fitting;
      }
      return total <= limit * 16;
    },
    text: () => kept.toString("utf8", 0, used).trim(),
  };
}
