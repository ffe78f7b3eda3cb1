import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { ToolError } from "../error/tool-error.ts";

export interface TokenSigner {
  /** A string only this purpose opens, until `ttlMs` from now. `data` must survive JSON. */
  sign(purpose: string, data: unknown, ttlMs: number): string;
  /** The data back; CURSOR_EXPIRED when the token is foreign, old, altered or made for another purpose. */
  open(purpose: string, token: string): unknown;
}

export interface TokenSignerOptions {
  /** The first signs, all verify: put the new key in front to rotate. Absent: random, gone with the process. */
  readonly keys?: readonly (string | Uint8Array)[];
  readonly now?: () => number;
}

const minKeyBytes = 16;
const maxTokenChars = 16_384;
// 128 bits, as RFC 2104 allows: a handle is copied by a model, so every character counts.
const macBytes = 16;
const shape = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{22})$/;

export function createTokenSigner(options: TokenSignerOptions = {}): TokenSigner {
  const keys = (options.keys?.length ? options.keys : [randomBytes(32)]).map((key) => Buffer.from(key));
  if (keys.some((key) => key.length < minKeyBytes)) {
    throw new ToolError("CONFIG_ERROR", `A signing key is shorter than ${minKeyBytes} bytes.`, {
      hint: "Make one with: openssl rand -base64 32",
    });
  }
  const [signing = Buffer.alloc(0)] = keys;
  const now = options.now ?? Date.now;

  return {
    sign(purpose, data, ttlMs) {
      const body = Buffer.from(JSON.stringify([now() + ttlMs, data])).toString("base64url");
      return `${body}.${mac(signing, purpose, body)}`;
    },

    open(purpose, token) {
      const [, body, given] = token.length > maxTokenChars ? [] : (shape.exec(token) ?? []);
      if (body === undefined || given === undefined) throw expired("not_recognised");
      // No early exit: the time taken tells neither which key fits nor how much of the code was right.
      let genuine = false;
      for (const key of keys) genuine = equalText(mac(key, purpose, body), given) || genuine;
      if (!genuine) throw expired("not_recognised");
      const [expiresAt, data] = JSON.parse(Buffer.from(body, "base64url").toString()) as [number, unknown];
      if (now() >= expiresAt) throw expired("too_old");
      return data;
    },
  };
}

export type ExpiredReason = "not_recognised" | "too_old" | "other_binding" | "already_used";

const messages: Record<ExpiredReason, string> = {
  not_recognised: "The cursor or handle was not issued by this server, or not for this tool.",
  too_old: "The cursor or handle has expired.",
  other_binding: "The cursor or handle was issued for other arguments or another caller.",
  already_used: "The handle was used already.",
};

export function expired(reason: ExpiredReason): ToolError {
  return new ToolError("CURSOR_EXPIRED", messages[reason], {
    hint: "Call again without it, with the same arguments, to get a new one.",
    details: { reason },
  });
}

function mac(key: Buffer, purpose: string, body: string): string {
  return createHmac("sha256", key)
    .update(`${purpose}\0${body}`)
    .digest()
    .subarray(0, macBytes)
    .toString("base64url");
}

function equalText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
