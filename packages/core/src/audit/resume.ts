import type { FileHandle } from "node:fs/promises";
import { type ChainPosition, hashOf, parseRecord } from "./chain.ts";
import type { SignedHead } from "./head-file.ts";

export type Tail =
  | { readonly kind: "empty" }
  /** `size` is where the last whole record ends; what lies behind was never acknowledged. */
  | { readonly kind: "record"; readonly next: ChainPosition; readonly size: number; readonly torn: number }
  | { readonly kind: "damaged" };

const tailBytes = 4_000_000;

/** Finds where a trail left off, reading its end only. */
export async function readTail(file: FileHandle): Promise<Tail> {
  const { size } = await file.stat();
  if (size === 0) return { kind: "empty" };
  const from = Math.max(0, size - tailBytes);
  const buffer = Buffer.alloc(size - from);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  if (bytesRead !== buffer.length) return { kind: "damaged" };
  const end = buffer.lastIndexOf(0x0a);
  if (end < 0) return from === 0 ? { kind: "empty" } : { kind: "damaged" };
  const begin = end === 0 ? 0 : buffer.lastIndexOf(0x0a, end - 1) + 1;
  const record = parseRecord(buffer.subarray(begin, end));
  if (record === undefined || hashOf(record) !== record.hash) return { kind: "damaged" };
  const next = { chain: record.chain, seq: record.seq + 1, hash: record.hash };
  return { kind: "record", next, size: from + end + 1, torn: buffer.length - end - 1 };
}

/** False when the signed head knows of records the trail no longer has. */
export function reaches(next: ChainPosition, head: SignedHead): boolean {
  return next.chain === head.chain && (next.seq === head.seq ? next.hash === head.hash : next.seq > head.seq);
}
