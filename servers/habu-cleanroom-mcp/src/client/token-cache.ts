import { isToolError, type Secret, ToolError } from "@mcp-data/core";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { openJsonFile } from "../state/json-file.ts";
import { seal, unseal } from "./sealed.ts";
import { readClaims } from "./token-claims.ts";

/** What the token endpoint answers. */
export interface TokenReply {
  readonly accessToken: string;
  readonly expiresIn?: number | undefined;
  readonly expiresAt?: string | undefined;
}

export interface TokenCache {
  /** A token that still lives; asks for one only when there is none. RATE_LIMITED when the day's are spent. */
  get(): Promise<string>;
  /** The platform refused this token; `get` will not give it again. */
  reject(token: string): void;
  /** From the cached token; never asks for one. */
  permissions(): readonly string[] | undefined;
  budget(): TokenBudget;
  /** Epoch milliseconds of the last one asked for; 0 when none is known. */
  lastAsked(): number;
}

export interface TokenBudget {
  readonly issued_last_24h: number;
  readonly limit: number;
  readonly expires_at?: string;
  /** When the next one may be asked for, once the day's are spent. */
  readonly frees_at?: string;
}

export interface TokenCacheOptions {
  readonly file: string;
  readonly secret: Secret;
  readonly clock: Clock;
  request(): Promise<TokenReply>;
}

const dayMs = 24 * 3_600_000;
const limit = 2;
/** A token is used up to this long before its end; asking earlier would spend the day's budget. */
const marginMs = 60_000;

const schema = z.object({
  issued: z.array(z.number()).default([]),
  sealed: z.string().optional(),
  expires_at: z.number().default(0),
  permissions: z.array(z.string()).optional(),
});

export function createTokenCache(options: TokenCacheOptions): TokenCache {
  const { clock, secret } = options;
  const file = openJsonFile(options.file, schema);
  const rejected = new Set<string>();
  let held: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;

  function get(): Promise<string> {
    if (held !== undefined && isUsable(held.token, held.until)) return Promise.resolve(held.token);
    asking ??= file.hold(fromFileOrPlatform).finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function fromFileOrPlatform(state: z.output<typeof schema>, save: () => void): Promise<string> {
    const known = state.sealed === undefined ? undefined : unseal(state.sealed, secret.reveal());
    if (known !== undefined && isUsable(known, state.expires_at)) {
      held = { token: known, until: state.expires_at };
      return known;
    }
    const now = clock.now();
    state.issued = recent(state.issued, now);
    if (state.issued.length >= limit) throw spent(state.issued, now);
    // Counted before it is asked for: a lost reply may have cost one.
    state.issued.push(now);
    save();
    const reply = await options.request().catch((error: unknown) => {
      if (isToolError(error) && error.details?.applied === "no")
        state.issued = state.issued.filter((at) => at !== now);
      save();
      throw error;
    });
    const claims = readClaims(reply.accessToken);
    state.expires_at = claims.expiresAt ?? expiryOf(reply, now);
    state.sealed = seal(reply.accessToken, secret.reveal());
    if (claims.permissions === undefined) delete state.permissions;
    else state.permissions = [...claims.permissions];
    held = { token: reply.accessToken, until: state.expires_at };
    return reply.accessToken;
  }

  function isUsable(token: string, until: number): boolean {
    return !rejected.has(token) && until - marginMs > clock.now();
  }

  return {
    get,
    reject(token) {
      rejected.add(token);
      if (held?.token === token) held = undefined;
    },
    permissions: () => file.read().permissions,
    lastAsked: () => Math.max(0, ...file.read().issued),
    budget() {
      const state = file.read();
      const issued = recent(state.issued, clock.now());
      return {
        issued_last_24h: issued.length,
        limit,
        ...(state.expires_at === 0 ? {} : { expires_at: new Date(state.expires_at).toISOString() }),
        ...(issued.length < limit ? {} : { frees_at: new Date(Math.min(...issued) + dayMs).toISOString() }),
      };
    },
  };
}

const recent = (issued: readonly number[], now: number): number[] => issued.filter((at) => at > now - dayMs);

function expiryOf(reply: TokenReply, now: number): number {
  const stated = reply.expiresAt === undefined ? Number.NaN : Date.parse(reply.expiresAt);
  return Number.isNaN(stated) ? now + (reply.expiresIn ?? 3_600) * 1_000 : stated;
}

function spent(issued: readonly number[], now: number): ToolError {
  const freesAt = Math.min(...issued) + dayMs;
  return new ToolError("RATE_LIMITED", "Both access tokens the platform grants per 24 hours are used up.", {
    hint: `The next one may be asked for at ${new Date(freesAt).toISOString()}. A rotated secret makes the cached token unusable here.`,
    retryAfterMs: freesAt - now,
    details: { reason: "TOKEN_BUDGET", frees_at: new Date(freesAt).toISOString() },
  });
}
