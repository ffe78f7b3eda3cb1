import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { ToolError } from "../error/tool-error.ts";

/** `sha256:HEX` is for random keys; `scrypt:N:r:p:SALT:HASH` (base64url) for those a person chose. */
export type KeyHash =
  | { readonly kind: "sha256"; readonly hash: Buffer }
  | {
      readonly kind: "scrypt";
      readonly options: ScryptOptions;
      readonly salt: Buffer;
      readonly hash: Buffer;
    };

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const cost = { N: 16_384, r: 8, p: 1 };
const maxMemory = 128 * 1024 * 1024;
const hashBytes = 32;

/** CONFIG_ERROR names the field and never shows the text. */
export function parseKeyHash(text: string, field: string): KeyHash {
  const sha = /^sha256:([0-9a-f]{64})$/i.exec(text)?.[1];
  if (sha !== undefined) return { kind: "sha256", hash: Buffer.from(sha, "hex") };
  const parts = /^scrypt:(\d{1,8}):(\d{1,3}):(\d{1,3}):([\w-]{16,128}):([\w-]{43})$/.exec(text);
  const [N = 0, r = 0, p = 0] = (parts ?? []).slice(1, 4).map(Number);
  const fits =
    N >= 1_024 && (N & (N - 1)) === 0 && r >= 1 && p >= 1 && p <= 16 && 128 * N * r <= maxMemory / 2;
  if (parts !== null && fits) {
    return {
      kind: "scrypt",
      options: { N, r, p, maxmem: maxMemory },
      salt: Buffer.from(parts[4] ?? "", "base64url"),
      hash: Buffer.from(parts[5] ?? "", "base64url"),
    };
  }
  throw new ToolError("CONFIG_ERROR", `${field}: not a hash of an API key.`, {
    hint: "Write sha256: and 64 hex digits for a generated key, or scrypt:N:r:p:SALT:HASH. Never the key itself.",
    details: { field },
  });
}

export function sha256(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

export async function scryptMatches(key: string, hash: KeyHash & { kind: "scrypt" }): Promise<boolean> {
  return timingSafeEqual(await derive(key, hash.salt, hash.hash.length, hash.options), hash.hash);
}

export interface MintedKey {
  /** To hand over; it is stored nowhere. */
  readonly key: string;
  /** To configure. */
  readonly hash: string;
}

/** A random key of 256 bits with a prefix that scanners and our own logs recognise. */
export function mintApiKey(): MintedKey {
  const key = `mdk_${randomBytes(32).toString("base64url")}`;
  return { key, hash: `sha256:${sha256(key).toString("hex")}` };
}

/** The slow hash of a key somebody chose. */
export async function hashChosenKey(key: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(key, salt, hashBytes, { ...cost, maxmem: maxMemory });
  return `scrypt:${cost.N}:${cost.r}:${cost.p}:${salt.toString("base64url")}:${hash.toString("base64url")}`;
}
