import { ToolError } from "../error/tool-error.ts";

/** Remembers which handles were used; instances that share a signing key must share this too. */
export interface UsedHandles {
  /** True for the first claim of an id, false for any later one until `expiresAt` (epoch ms). */
  claim(id: string, expiresAt: number): Promise<boolean>;
}

export interface UsedHandlesOptions {
  /** Handles remembered at once; beyond it claims answer UNAVAILABLE rather than forget one. */
  readonly max?: number;
  readonly now?: () => number;
}

export function memoryUsedHandles(options: UsedHandlesOptions = {}): UsedHandles {
  const max = options.max ?? 10_000;
  const now = options.now ?? Date.now;
  const used = new Map<string, number>();
  return {
    async claim(id, expiresAt) {
      if (used.has(id)) return false;
      if (used.size >= max) {
        for (const [old, until] of used) if (until <= now()) used.delete(old);
      }
      if (used.size >= max) {
        throw new ToolError("UNAVAILABLE", "Too many confirmations are in flight.", { retryAfterMs: 60_000 });
      }
      used.set(id, expiresAt);
      return true;
    },
  };
}
