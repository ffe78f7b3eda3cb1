import { isUtf8 } from "node:buffer";
import { readSync } from "node:fs";
import { createSplitter } from "../split/splitter.ts";
import type { WorkerJob } from "./protocol.ts";

/** More is parsed twice for less than compiling costs. */
const oneTextBytes = 64 * 1024;

export interface OneText {
  readonly text: string;
  readonly bytes: number;
}

/** The job's input when it is one JSON text of a size worth it; undefined leaves the judgement to jq. */
export function readOneText(job: WorkerJob): OneText | undefined {
  const { input } = job;
  if (input.kind === "none") return { text: "null", bytes: 0 };
  if (input.split) return undefined;
  const bytes = input.kind === "bytes" ? input.bytes : readSmall(input.fd);
  if (bytes === undefined || bytes.length > oneTextBytes || !isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  if (createSplitter({ split: false, nesting: job.nesting }).push(bytes, 0, bytes.length) !== undefined)
    return undefined;
  return { text, bytes: bytes.length };
}

function readSmall(fd: number): Uint8Array | undefined {
  const buffer = new Uint8Array(oneTextBytes + 1);
  let length = 0;
  for (;;) {
    const read = readSync(fd, buffer, length, buffer.length - length, length);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
    if (length > oneTextBytes) return undefined;
  }
}
