import { createReadStream } from "node:fs";

export interface RawLine {
  /** From 1. */
  readonly number: number;
  /** Without the line break; cut at the limit. */
  readonly bytes: Buffer;
  /** False for a last line without a line break. */
  readonly whole: boolean;
}

const maxLineBytes = 4_000_000;
const lineBreak = 0x0a;

/** The lines of a file as bytes, whatever its size; a longer line than any record arrives cut. */
export async function* readLines(path: string): AsyncGenerator<RawLine> {
  let parts: Buffer[] = [];
  let held = 0;
  let number = 1;
  const hold = (bytes: Buffer) => {
    if (held < maxLineBytes) parts.push(bytes);
    held += bytes.length;
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(lineBreak); at >= 0; at = chunk.indexOf(lineBreak, from)) {
      hold(chunk.subarray(from, at));
      yield { number, bytes: Buffer.concat(parts), whole: true };
      number += 1;
      parts = [];
      held = 0;
      from = at + 1;
    }
    if (from < chunk.length) hold(chunk.subarray(from));
  }
  if (held > 0) yield { number, bytes: Buffer.concat(parts), whole: false };
}
