import { type Jq, loadJq } from "jq-wasm";
import { causeOf } from "./cause.ts";
import { hookImports, names } from "./hooks.ts";
import type { Ended, WorkerJob } from "./protocol.ts";
import { runPlain } from "./run-plain.ts";
import { type Streams, streamsOf } from "./streams.ts";

/** Memory an instance may keep between runs; it never gives any back. */
const keptBytes = 48 * 1024 * 1024;

export interface Instance {
  run(job: WorkerJob): Ended;
  /**
   * Compiles a program once and runs it on one input after another, whose streams `next` gives: each time the engine
   * asks for more, all of the input before has been answered for. Returns when `next` gives none or the engine ends
   * by itself; throws what ended it.
   */
  serve(program: string, flags: readonly string[], next: () => Streams | undefined): void;
  /** Its state is no longer sure, or it has grown. */
  readonly spent: boolean;
  readonly version: string;
}

/** One jq in one WebAssembly memory. */
export async function createInstance(module: WebAssembly.Module, hooked: boolean): Promise<Instance> {
  let streams: Streams | undefined;
  let next: (() => Streams | undefined) | undefined;
  let memory: WebAssembly.Memory | undefined;
  let spent = false;

  const jq: Jq = hooked
    ? await loadJq({
        instantiateWasm(imports, onSuccess) {
          const own = hookImports(imports, {
            streams: () => streams,
            more() {
              const given = next?.();
              if (given !== undefined) streams = given;
              return given;
            },
            memory: () => memory as WebAssembly.Memory,
          });
          WebAssembly.instantiate(module, own).then((instance) => {
            memory = instance.exports[names.memory] as WebAssembly.Memory;
            onSuccess(instance, module);
          });
        },
      })
    : await loadJq({ wasmModule: module });

  return {
    version: jq.version,
    get spent() {
      return spent || (memory?.buffer.byteLength ?? 0) > keptBytes;
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
      const own = streamsOf(job);
      const { input, output, stderr } = own;
      streams = own;
      try {
        const { exitCode } = jq.raw(null, job.program, [...job.flags]);
        // An engine that ran out of memory may say so and end as if by itself.
        const { bytes, total } = output.finish();
        return {
          kind: "done",
          id: job.id,
          exitCode,
          output: bytes,
          outputBytes: total,
          stderr: stderr.text(),
          bytesRead: input.bytesRead,
          ms: ms(),
        };
      } catch (error) {
        spent = true;
        output.discard();
        const { why, detail } = own.stop ?? causeOf(error, stderr.text());
        return { kind: "stopped", id: job.id, stop: why, detail, stderr: stderr.text(), ms: ms() };
      } finally {
        streams = undefined;
      }
    },
    serve(program, flags, give) {
      next = give;
      // Nothing to read: it asks for more once it has compiled.
      streams = streamsOf({
        id: 0,
        flags,
        program,
        input: { kind: "none" },
        outputBytes: 0,
        stderrBytes: 1_000,
        nesting: 0,
      });
      try {
        jq.raw(null, program, [...flags]);
      } catch (error) {
        spent = true;
        throw error;
      } finally {
        next = undefined;
        streams = undefined;
      }
    },
  };
}
