import { setTimeout as delay } from "node:timers/promises";

/** Time as limits, polling and caches see it; the emulator brings its own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};

export interface VirtualClock extends Clock {
  advance(ms: number): void;
}

/** Sleeping moves the time instead of waiting for it. */
export function createVirtualClock(start: number): VirtualClock {
  let at = start;
  return {
    now: () => at,
    advance(ms) {
      at += Math.max(0, ms);
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      at += Math.max(0, ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
