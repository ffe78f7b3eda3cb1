import { ToolError } from "@mcp-data/core";
import { abortError } from "../errors/abort-error.ts";

export interface Slots {
  /** Waits its turn; the returned function gives the slot back, once. UNAVAILABLE after the wait, CANCELLED on abort. */
  acquire(signal: AbortSignal): Promise<() => void>;
  readonly waiting: number;
}

interface Waiter {
  grant(): void;
}

/** At most `max` holders; the others wait in order, for a bounded time. */
export function createSlots(max: number, waitMs: number): Slots {
  const queue = new Set<Waiter>();
  let free = max;

  const give = () => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const [next] = queue;
      if (next === undefined) free += 1;
      else next.grant();
    };
  };

  return {
    get waiting() {
      return queue.size;
    },
    async acquire(signal) {
      if (signal.aborted) throw abortError(signal);
      if (free > 0) {
        free -= 1;
        return give();
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.delete(waiter);
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
        };
        const waiter: Waiter = {
          grant() {
            leave();
            resolve(give());
          },
        };
        const onAbort = () => {
          leave();
          reject(abortError(signal));
        };
        const timer = setTimeout(() => {
          leave();
          reject(
            new ToolError("UNAVAILABLE", "Every connection to this source is in use.", {
              hint: "Call again after the wait, or ask for less at the same time.",
              retryAfterMs: 1_000,
              details: { reason: "pool_exhausted", waited_ms: waitMs },
            }),
          );
        }, waitMs);
        signal.addEventListener("abort", onAbort, { once: true });
        queue.add(waiter);
      });
    },
  };
}
