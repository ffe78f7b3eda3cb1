import { readSync } from "node:fs";
import { createSplitter, type SplitProblem } from "../split/splitter.ts";
import type { WorkerInput } from "./protocol.ts";

const chunkBytes = 256 * 1024;

export interface InputReader {
  /** Copies up to `into.length` bytes; 0 at the end. Throws InputProblem. */
  read(into: Uint8Array): number;
  readonly bytesRead: number;
}

/** The input is not what it was taken for. */
export class InputProblem extends Error {
  readonly problem: SplitProblem;
  constructor(problem: SplitProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** Serves an input in order, split into elements on the way where asked. */
export function createInput(input: WorkerInput, nesting: number): InputReader {
  const splitter = createSplitter({ split: input.kind !== "none" && input.split, nesting });
  let chunk: Uint8Array = new Uint8Array(0);
  let at = 0;
  let bytesRead = 0;
  let ended = input.kind === "none";

  const refill = () => {
    if (input.kind === "bytes") {
      ended = true;
      chunk = input.bytes;
    } else if (input.kind === "file") {
      if (chunk.length === 0) chunk = new Uint8Array(chunkBytes);
      const whole = chunk.byteLength === chunkBytes ? chunk : new Uint8Array(chunk.buffer);
      const read = readSync(input.fd, whole, 0, chunkBytes, bytesRead);
      if (read === 0) ended = true;
      chunk = whole.subarray(0, read);
    }
    at = 0;
    bytesRead += chunk.length;
    const problem = splitter.push(chunk, 0, chunk.length) ?? (ended ? splitter.end() : undefined);
    if (problem !== undefined) throw new InputProblem(problem);
  };

  return {
    read(into) {
      if (at >= chunk.length && !ended) refill();
      const count = Math.min(into.length, chunk.length - at);
      into.set(chunk.subarray(at, at + count));
      at += count;
      return count;
    },
    get bytesRead() {
      return bytesRead;
    },
  };
}
