import type { Verdict } from "./verdict.ts";

/** Verdicts by key, least recently used dropped first, bounded by the characters held. */
export interface VerdictCache {
  get(key: string): Verdict | undefined;
  set(key: string, verdict: Verdict): void;
}

export function createVerdictCache(maxChars = 4_000_000): VerdictCache {
  const held = new Map<string, Verdict>();
  let chars = 0;
  return {
    get(key) {
      const verdict = held.get(key);
      if (verdict === undefined) return undefined;
      held.delete(key);
      held.set(key, verdict);
      return verdict;
    },
    set(key, verdict) {
      const cost = size(key);
      if (cost > maxChars / 4) return;
      if (!held.delete(key)) chars += cost;
      held.set(key, verdict);
      for (const oldest of held.keys()) {
        if (chars <= maxChars) break;
        held.delete(oldest);
        chars -= size(oldest);
      }
    },
  };
}

// A verdict repeats the text at most once; names and messages are small beside the constant.
function size(key: string): number {
  return key.length * 2 + 1_000;
}

/** A number per object, so that identity can be part of a key. */
export function createIdentity(): (value: object | undefined) => number {
  const ids = new WeakMap<object, number>();
  let next = 1;
  return (value) => {
    if (value === undefined) return 0;
    const known = ids.get(value);
    if (known !== undefined) return known;
    ids.set(value, next);
    return next++;
  };
}
