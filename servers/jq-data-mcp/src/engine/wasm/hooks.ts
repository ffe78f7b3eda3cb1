import { InputProblem } from "./input.ts";
import type { Streams } from "./streams.ts";

/** Thrown through the engine to end a run; its instance is dropped. */
class Halt extends Error {}

type Imports = Record<string, (...args: number[]) => unknown>;

/** Names in the pinned build: open a path, read, write; the module of imports; the exported memory. */
export const names = { open: "f", read: "h", write: "d", module: "a", memory: "F" } as const;

export interface Hooks {
  /** Undefined between runs: the engine then reads and writes as it was built to. */
  streams(): Streams | undefined;
  /** The input is at its end: the streams of what comes next, or undefined for the end. */
  more(): Streams | undefined;
  memory(): WebAssembly.Memory;
}

/** The engine's imports with its standard input, output and error under our control. */
export function hookImports(imports: WebAssembly.Imports, hooks: Hooks): WebAssembly.Imports {
  const given = imports[names.module] as Imports;
  let stdin = -1;
  const view = () => new DataView(hooks.memory().buffer);
  const eachPiece = (iov: number, count: number, use: (piece: Uint8Array) => boolean) => {
    const data = view();
    for (let i = 0; i < count; i += 1) {
      const from = data.getUint32(iov + i * 8, true);
      const size = data.getUint32(iov + i * 8 + 4, true);
      if (size > 0 && !use(new Uint8Array(data.buffer as ArrayBuffer, from, size))) return;
    }
  };
  const read = (streams: Streams, iov: number, count: number): number => {
    let total = 0;
    try {
      eachPiece(iov, count, (piece) => {
        const bytes = streams.input.read(piece);
        total += bytes;
        return bytes === piece.length;
      });
    } catch (error) {
      streams.stop = {
        why: error instanceof InputProblem ? "input" : "crash",
        detail: String((error as Error).message),
      };
      throw new Halt();
    }
    return total;
  };
  const own: Imports = {
    ...given,
    [names.open]: (...args) => {
      const fd = given[names.open]?.(...args) as number;
      if (hooks.streams() !== undefined && fd >= 0) stdin = fd;
      return fd;
    },
    [names.read]: (...args) => {
      const [fd = 0, iov = 0, count = 0, sum = 0] = args;
      let streams = hooks.streams();
      if (streams === undefined || fd !== stdin) return given[names.read]?.(...args);
      let total = read(streams, iov, count);
      while (total === 0) {
        streams = hooks.more();
        if (streams === undefined) break;
        total = read(streams, iov, count);
      }
      view().setUint32(sum, total, true);
      return 0;
    },
    [names.write]: (...args) => {
      const [fd = 0, iov = 0, count = 0, sum = 0] = args;
      const running = hooks.streams();
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
