import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { canonicalJson } from "../json/canonical-json.ts";

/** `start` opens a process's part of the chain, `head` signs everything before it. */
export type RecordType = "start" | "event" | "head";

/** One line of a trail, written as canonical JSON. `hash` covers all other members. */
export interface ChainRecord {
  readonly chain: string;
  readonly seq: number;
  /** Hash of the record before, of whichever file; empty at seq 0. */
  readonly prev_hash: string;
  readonly type: RecordType;
  readonly body: unknown;
  readonly hash: string;
}

/** Where the next record goes. */
export interface ChainPosition {
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
}

export interface HeadBody {
  readonly ts: string;
  /** True when nothing but a `start` may follow. */
  readonly closing: boolean;
  /** HMAC-SHA256, when there is a key: without it an end that was cut off could be forged. */
  readonly mac?: string;
}

export interface Linked {
  /** With its line break. */
  readonly line: string;
  readonly next: ChainPosition;
}

export function newChain(): ChainPosition {
  return { chain: randomBytes(8).toString("hex"), seq: 0, hash: "" };
}

export function linkRecord(at: ChainPosition, type: RecordType, body: unknown): Linked {
  const content = { chain: at.chain, seq: at.seq, prev_hash: at.hash, type, body };
  const hash = hashOf(content);
  return {
    line: `${canonicalJson({ ...content, hash })}\n`,
    next: { chain: at.chain, seq: at.seq + 1, hash },
  };
}

export function linkHead(
  at: ChainPosition,
  closing: boolean,
  ts: string,
  key: Uint8Array | undefined,
): Linked {
  const body: HeadBody = { ts, closing };
  return linkRecord(at, "head", key === undefined ? body : { ...body, mac: headMac(at, body, key) });
}

export function hashOf(content: Omit<ChainRecord, "hash">): string {
  const { chain, seq, prev_hash, type, body } = content;
  return createHash("sha256")
    .update(canonicalJson({ chain, seq, prev_hash, type, body }))
    .digest("base64url");
}

export function headMac(at: ChainPosition, body: HeadBody, key: Uint8Array): string {
  const signed = canonicalJson([at.chain, at.seq, at.hash, body.ts, body.closing]);
  return createHmac("sha256", key).update(signed).digest("base64url");
}

/** True when one of the keys made the mac. */
export function isSigned(at: ChainPosition, body: HeadBody, keys: readonly Uint8Array[]): boolean {
  const given = Buffer.from(body.mac ?? "");
  return keys.some((key) => {
    const mac = Buffer.from(headMac(at, body, key));
    return mac.length === given.length && timingSafeEqual(mac, given);
  });
}

/** The record of a line (without its break), only if the line is byte for byte what was written. */
export function parseRecord(line: Buffer): ChainRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line.toString("utf8"));
    if (!isRecord(value) || !Buffer.from(canonicalJson(value)).equals(line)) return undefined;
  } catch {
    return undefined;
  }
  return value;
}

function isRecord(value: unknown): value is ChainRecord {
  if (typeof value !== "object" || value === null) return false;
  const { chain, seq, prev_hash, type, hash } = value as Partial<Record<keyof ChainRecord, unknown>>;
  return (
    [chain, prev_hash, hash].every((text) => typeof text === "string") &&
    Number.isSafeInteger(seq) &&
    (type === "start" || type === "event" || type === "head")
  );
}
