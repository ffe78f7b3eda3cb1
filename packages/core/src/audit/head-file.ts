import { open, readFile, rename } from "node:fs/promises";
import { canonicalJson } from "../json/canonical-json.ts";
import { type ChainPosition, type HeadBody, headMac } from "./chain.ts";

/** How far a trail had come when the head was signed. Kept beside the trail; a copy elsewhere is stronger. */
export interface SignedHead extends HeadBody {
  readonly chain: string;
  /** Records up to here: the last one's seq + 1. */
  readonly seq: number;
  /** Hash of the last record. */
  readonly hash: string;
}

export const headPath = (trail: string): string => `${trail}.head`;

export async function writeHead(
  trail: string,
  at: ChainPosition,
  body: Omit<HeadBody, "mac">,
  key: Uint8Array | undefined,
): Promise<void> {
  const head: SignedHead = { ...at, ...body, ...(key === undefined ? {} : { mac: headMac(at, body, key) }) };
  const temporary = `${headPath(trail)}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(`${canonicalJson(head)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, headPath(trail));
}

/** Undefined when there is none; "unreadable" when it is no head. */
export async function readHead(trail: string): Promise<SignedHead | "unreadable" | undefined> {
  try {
    const head: unknown = JSON.parse(await readFile(headPath(trail), "utf8"));
    return isHead(head) ? head : "unreadable";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? undefined : "unreadable";
  }
}

function isHead(value: unknown): value is SignedHead {
  if (typeof value !== "object" || value === null) return false;
  const { chain, seq, hash, ts, closing } = value as Partial<Record<keyof SignedHead, unknown>>;
  return (
    [chain, hash, ts].every((text) => typeof text === "string") &&
    Number.isSafeInteger(seq) &&
    typeof closing === "boolean"
  );
}
