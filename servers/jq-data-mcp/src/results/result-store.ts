import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
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
  /** The same for someone slow: it stays readable until closed, though it be dropped meanwhile. */
  open(): Promise<OpenResult>;
}

export interface OpenResult {
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

export interface ResultStore {
  spillPath(): string;
  keep(
    owner: string,
    output: { readonly bytes: Uint8Array | undefined; readonly path: string | undefined },
  ): Promise<StoredResult>;
  /** Nobody will ask for it again. */
  drop(id: string): void;
  /** Undefined when it is gone, or another's. */
  get(id: string, owner: string): StoredResult | undefined;
  readonly usedBytes: number;
  close(): void;
}

const splitFrom = 20_000;
const pieceBytes = 256 * 1024;
/** What a small result costs besides its bytes. */
const entryBytes = 1_024;
const heldBytes = 64 * 1024 * 1024;

interface Kept extends StoredResult {
  readonly inMemory: boolean;
  drop(): void;
}

/** Results in memory while small, in files while large; the oldest go when the budget is used up. */
export function createResultStore(folder: string, budgetBytes: number): ResultStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Left by a process that was killed.
  for (const name of readdirSync(folder))
    if (name.endsWith(".ndjson")) rmSync(join(folder, name), { force: true });
  const kept = new Map<string, Kept>();
  const used = { memory: 0, disk: 0 };
  const memoryBudget = Math.min(heldBytes, budgetBytes);
  const note = (result: Kept, sign: 1 | -1) => {
    used[result.inMemory ? "memory" : "disk"] += sign * (result.bytes + entryBytes);
  };

  const remove = (id: string) => {
    const result = kept.get(id);
    if (result === undefined) return;
    kept.delete(id);
    note(result, -1);
    result.drop();
  };
  return {
    spillPath: () => join(folder, `${randomUUID()}.ndjson`),
    async keep(owner, { bytes, path }) {
      const id = randomUUID();
      const result =
        path === undefined ? inMemory(id, owner, Buffer.from(bytes ?? [])) : await inFile(id, owner, path);
      kept.set(id, result);
      note(result, 1);
      for (const [old, { inMemory }] of kept) {
        const tooMuch = used.memory + used.disk > budgetBytes;
        if (!tooMuch && used.memory <= memoryBudget) break;
        if (old !== id && (tooMuch || inMemory)) remove(old);
      }
      return result;
    },
    drop: remove,
    get(id, owner) {
      const result = kept.get(id);
      if (result === undefined || result.owner !== owner) return undefined;
      // Read again: youngest again.
      kept.delete(id);
      kept.set(id, result);
      return result;
    },
    get usedBytes() {
      return used.memory + used.disk;
    },
    close() {
      for (const id of [...kept.keys()]) remove(id);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function inMemory(id: string, owner: string, given: Buffer): Kept {
  const ofOneArray = isOneArray(given, given.length);
  const data = ofOneArray ? splitArray(given) : given;
  return {
    id,
    owner,
    inMemory: true,
    bytes: data.length,
    count: lineCount(data, 0),
    ofOneArray,
    read: (offset: number, length: number) => data.subarray(offset, offset + length),
    open: async () => ({
      read: async (offset, length) => data.subarray(offset, offset + length),
      close: async () => undefined,
    }),
    drop: () => undefined,
  };
}

/** In pieces, so that a large result holds nobody up. */
async function inFile(id: string, owner: string, path: string): Promise<Kept> {
  const file = await open(path, "r+");
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const eachPiece = async (use: (part: Buffer, at: number) => Promise<void> | void) => {
      for (let at = 0; ; ) {
        const { bytesRead } = await file.read(piece, 0, pieceBytes, at);
        if (bytesRead === 0) return at;
        await use(piece.subarray(0, bytesRead), at);
        at += bytesRead;
      }
    };
    let count = 0;
    let first = 0;
    const size = await eachPiece((part, at) => {
      if (at === 0) first = part[0] ?? 0;
      count = lineCount(part, count);
    });
    if (count !== 1 || first !== 0x5b)
      return kept({ id, owner, path, from: 0, to: size, count, ofOneArray: false });
    const splitter = createSplitter({ split: true, nesting: 100_000 });
    let lines = 0;
    await eachPiece(async (part, at) => {
      splitter.push(part, 0, part.length);
      lines = lineCount(part, lines);
      await file.write(part, 0, part.length, at);
    });
    // The outer brackets left a blank line at both ends.
    return kept({ id, owner, path, from: 1, to: size - 1, count: lines - 2, ofOneArray: true });
  } finally {
    await file.close();
  }
}

function kept(result: {
  readonly id: string;
  readonly owner: string;
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly ofOneArray: boolean;
}): Kept {
  const { id, owner, path, from, to, count, ofOneArray } = result;
  const bytes = to - from;
  const room = (offset: number, length: number) =>
    Buffer.alloc(Math.min(length, Math.max(0, bytes - offset)));
  return {
    id,
    owner,
    inMemory: false,
    bytes,
    count,
    ofOneArray,
    async open() {
      const file = await open(path);
      return {
        async read(offset, length) {
          const buffer = room(offset, length);
          const { bytesRead } = await file.read(buffer, 0, buffer.length, from + offset);
          return buffer.subarray(0, bytesRead);
        },
        close: () => file.close(),
      };
    },
    read(offset, length) {
      const buffer = room(offset, length);
      const fd = openSync(path, "r");
      try {
        return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, from + offset));
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
