import { randomUUID } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createSplitter } from "../engine/split/splitter.ts";

/** The whole output of a run: one JSON text per line. */
export interface StoredResult {
  readonly id: string;
  readonly bytes: number;
  /** Values in all. */
  readonly count: number;
  /** The program gave one array; its elements are the lines. */
  readonly ofOneArray: boolean;
  readonly owner: string;
  /** Up to `length` bytes from an offset. */
  read(offset: number, length: number): Buffer;
}

export interface ResultStore {
  spillPath(): string;
  keep(
    owner: string,
    output: { readonly bytes: Uint8Array | undefined; readonly path: string | undefined },
  ): StoredResult;
  /** Undefined when it is gone, or another's. */
  get(id: string, owner: string): StoredResult | undefined;
  readonly usedBytes: number;
  close(): void;
}

const splitFrom = 20_000;

/** Results in memory while small, in files while large; the oldest go when the budget is used up. */
export function createResultStore(folder: string, budgetBytes: number): ResultStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Left by a process that was killed.
  for (const name of readdirSync(folder))
    if (name.endsWith(".ndjson")) rmSync(join(folder, name), { force: true });
  const kept = new Map<string, StoredResult & { drop(): void }>();
  let used = 0;

  const remove = (id: string) => {
    const result = kept.get(id);
    if (result === undefined) return;
    kept.delete(id);
    used -= result.bytes;
    result.drop();
  };
  return {
    spillPath: () => join(folder, `${randomUUID()}.ndjson`),
    keep(owner, { bytes, path }) {
      const id = randomUUID();
      const result =
        path === undefined ? inMemory(id, owner, Buffer.from(bytes ?? [])) : inFile(id, owner, path);
      kept.set(id, result);
      used += result.bytes;
      for (const old of kept.keys()) {
        if (used <= budgetBytes || old === id) break;
        remove(old);
      }
      return result;
    },
    get(id, owner) {
      const result = kept.get(id);
      if (result === undefined || result.owner !== owner) return undefined;
      // Read again: youngest again.
      kept.delete(id);
      kept.set(id, result);
      return result;
    },
    get usedBytes() {
      return used;
    },
    close() {
      for (const id of [...kept.keys()]) remove(id);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function inMemory(id: string, owner: string, given: Buffer) {
  const ofOneArray = isOneArray(given, given.length);
  const data = ofOneArray ? splitArray(given) : given;
  return {
    id,
    owner,
    bytes: data.length,
    count: lineCount(data, 0),
    ofOneArray,
    read: (offset: number, length: number) => data.subarray(offset, offset + length),
    drop: () => undefined,
  };
}

function inFile(id: string, owner: string, path: string) {
  const size = statSync(path).size;
  const fd = openSync(path, "r");
  const head = Buffer.alloc(1);
  readSync(fd, head, 0, 1, 0);
  let count = 0;
  const chunk = Buffer.alloc(1024 * 1024);
  for (let at = 0; at < size; ) {
    const read = readSync(fd, chunk, 0, chunk.length, at);
    if (read === 0) break;
    count = lineCount(chunk.subarray(0, read), count);
    at += read;
  }
  const ofOneArray = count === 1 && head[0] === 0x5b;
  if (ofOneArray) {
    closeSync(fd);
    const data = splitArray(readFileSync(path));
    writeFileSync(path, data);
    return { ...openResult(id, owner, path, data.length, lineCount(data, 0)), ofOneArray };
  }
  closeSync(fd);
  return { ...openResult(id, owner, path, size, count), ofOneArray };
}

function openResult(id: string, owner: string, path: string, bytes: number, count: number) {
  return {
    id,
    owner,
    bytes,
    count,
    read(offset: number, length: number) {
      const buffer = Buffer.alloc(Math.min(length, Math.max(0, bytes - offset)));
      const fd = openSync(path, "r");
      try {
        return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, offset));
      } finally {
        closeSync(fd);
      }
    },
    drop: () => rmSync(path, { force: true }),
  };
}

function isOneArray(data: Buffer, size: number): boolean {
  return size > splitFrom && data[0] === 0x5b && data.indexOf(0x0a) === size - 1;
}

/** Without the blank lines the outer brackets leave. */
function splitArray(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  createSplitter({ split: true, nesting: 100_000 }).push(copy, 0, copy.length);
  const from = copy[0] === 0x0a ? 1 : 0;
  let end = copy.length;
  while (end > from + 1 && copy[end - 1] === 0x0a && copy[end - 2] === 0x0a) end -= 1;
  return copy.subarray(from, end);
}

function lineCount(data: Buffer, before: number): number {
  let count = before;
  for (let at = data.indexOf(0x0a); at >= 0; at = data.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
