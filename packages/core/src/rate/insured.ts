import { ToolError } from "../error/tool-error.ts";
import type { Charge, Counter, Refusal } from "./counter.ts";

export interface InsuredOptions {
  /** Counts while the shared store is down, by this process alone; absent: calls are refused. */
  readonly fallback?: Counter;
  /** Told when the shared store is lost, and when it answers again. */
  readonly onChange?: (state: "down" | "up", cause?: unknown) => void;
}

/** A shared counter that survives its store: a charge is always given back where it was taken. */
export function insure(shared: Counter, options: InsuredOptions = {}): Counter {
  let down = false;

  async function attempt<T>(work: (counter: Counter) => Promise<T>): Promise<T> {
    try {
      const result = await work(shared);
      if (down) {
        down = false;
        options.onChange?.("up");
      }
      return result;
    } catch (cause) {
      if (!down) {
        down = true;
        options.onChange?.("down", cause);
      }
      if (options.fallback !== undefined) return work(options.fallback);
      throw new ToolError("UNAVAILABLE", "Quotas cannot be checked at the moment.", {
        hint: "Try again shortly.",
        retryAfterMs: 2_000,
        details: { reason: "quota_store_unavailable" },
        cause,
      });
    }
  }

  // A unit in a store that is gone comes back by itself when its window ends.
  const forgiving = (outcome: Charge | Refusal): Charge | Refusal =>
    "refund" in outcome ? { refund: () => outcome.refund().catch(() => undefined) } : outcome;

  return {
    charge: (subject) => attempt(async (counter) => forgiving(await counter.charge(subject))),
    read: (subject) => attempt((counter) => counter.read(subject)),
  };
}
