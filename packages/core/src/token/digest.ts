import { createHash } from "node:crypto";
import { canonicalJson } from "../json/canonical-json.ts";

/** SHA-256 of the canonical JSON, base64url, 43 characters. */
export function digest(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("base64url");
}

/** 128 bits of the digest, 22 characters: enough to bind a token, short enough to travel through a model. */
export function shortDigest(value: unknown): string {
  return digest(value).slice(0, 22);
}
