import { createHash } from "node:crypto";
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Charge, Counter, Refusal, Subject, WindowUse } from "./counter.ts";
import { type WindowName, windowNames, windowSeconds } from "./windows.ts";

interface WindowOptions {
  readonly keyPrefix: string;
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
}

/** Makes the limiter of one window; asked once per kind of subject, window and limit. */
export type LimiterFactory = (options: WindowOptions) => RateLimiterAbstract;

export const memoryLimiter: LimiterFactory = (options) => new RateLimiterMemory(options);

interface Window {
  readonly name: WindowName;
  readonly limit: number;
  readonly limiter: RateLimiterAbstract;
}

interface Taken {
  readonly window: Window;
  readonly state: RateLimiterRes;
}

/** A refund this close to the end of its window is dropped: it could land in the next one. */
const refundMarginMs = 100;

/** A counter over rate-limiter-flexible, one limiter per window. */
export function createCounter(make: LimiterFactory, now: () => number = Date.now): Counter {
  const limiters = new Map<string, RateLimiterAbstract>();

  function windowsOf(subject: Subject): Window[] {
    return windowNames.flatMap((name) => {
      const limit = subject.limits[name];
      return limit === undefined ? [] : [{ name, limit, limiter: limiterOf(subject.kind, name, limit) }];
    });
  }

  function limiterOf(kind: string, name: WindowName, points: number): RateLimiterAbstract {
    const id = `${kind}:${name}:${points}`;
    const limiter =
      limiters.get(id) ?? make({ keyPrefix: `quota:${kind}:${name}`, points, duration: windowSeconds[name] });
    limiters.set(id, limiter);
    return limiter;
  }

  async function giveBack(key: string, taken: readonly Taken[], at: number): Promise<void> {
    const current = taken.filter(({ state }) => now() + refundMarginMs < at + state.msBeforeNext);
    await Promise.all(current.map(({ window }) => window.limiter.reward(key, 1)));
  }

  return {
    async charge(subject) {
      const key = storeKey(subject.id);
      const at = now();
      const outcomes = await Promise.allSettled(windowsOf(subject).map((window) => take(window, key)));
      const taken = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      const failure = outcomes.find((outcome) => outcome.status === "rejected");
      const refusal = longestRefusal(taken);
      if (failure === undefined && refusal === undefined) return charged(() => giveBack(key, taken, at));
      // A refusing window counted the try as well.
      const undone = giveBack(key, taken, at);
      if (failure === undefined) await undone;
      else await undone.catch(() => undefined);
      if (refusal !== undefined) return refusal;
      throw failure?.reason;
    },

    async read(subject) {
      const key = storeKey(subject.id);
      return Promise.all(windowsOf(subject).map((window) => use(window, key)));
    },
  };
}

async function take(window: Window, key: string): Promise<Taken> {
  try {
    return { window, state: await window.limiter.consume(key, 1) };
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return { window, state: rejection };
    throw rejection;
  }
}

/** The window that keeps the caller waiting longest: an earlier retry would fail there. */
function longestRefusal(taken: readonly Taken[]): Refusal | undefined {
  return taken
    .filter(({ window, state }) => state.consumedPoints > window.limit)
    .map(({ window, state }) => ({
      window: window.name,
      limit: window.limit,
      retryAfterMs: Math.max(state.msBeforeNext, 1),
    }))
    .reduce<Refusal | undefined>(
      (a, b) => (a !== undefined && a.retryAfterMs >= b.retryAfterMs ? a : b),
      undefined,
    );
}

async function use({ name, limit, limiter }: Window, key: string): Promise<WindowUse> {
  const state = await limiter.get(key);
  const used = Math.min(Math.max(state?.consumedPoints ?? 0, 0), limit);
  const resets = used > 0 ? Math.max(state?.msBeforeNext ?? 0, 0) : 0;
  return { window: name, limit, used, remaining: limit - used, resets_in_ms: resets };
}

function charged(undo: () => Promise<void>): Charge {
  let done = false;
  return {
    async refund() {
      if (done) return;
      done = true;
      await undo();
    },
  };
}

// Bounded length, and no names of people in a shared store.
function storeKey(id: string): string {
  return createHash("sha256").update(id).digest("base64url").slice(0, 22);
}
