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

/** Sleeping moves the time instead of waiting for it. With a speed it also flows, that many times faster than real time. */
export function createVirtualClock(start: number, speed = 0): VirtualClock {
  const began = performance.now();
  let jumped = 0;
  const advance = (ms: number) => {
    jumped += Math.max(0, ms);
  };
  return {
    now: () => start + jumped + Math.floor((performance.now() - began) * speed),
    advance,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
