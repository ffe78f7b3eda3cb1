import { ToolError } from "../error/tool-error.ts";

export interface SlotLimits {
  /** Calls of one principal running at once. */
  readonly perPrincipal?: number;
  /** Calls on one source running at once, of all principals. */
  readonly perSource?: number;
  /** Calls waiting for a slot, in total; further ones are turned away. */
  readonly maxWaiting?: number;
  /** Of these, by one principal. */
  readonly maxWaitingPerPrincipal?: number;
  /** How long a call waits before it is turned away. */
  readonly maxWaitMs?: number;
}

export interface Slots {
  /** Resolves to the release function; rejects with UNAVAILABLE (full, or waited too long) or CANCELLED. */
  acquire(principal: string, source: string | undefined, signal?: AbortSignal): Promise<() => void>;
  /** Calls of this principal that run now. */
  running(principal: string): number;
  readonly waiting: number;
}

interface Waiter {
  readonly keys: readonly string[];
  readonly principal: string;
  start(): void;
}

export function createSlots(limits: SlotLimits, now: () => number = Date.now): Slots {
  const maxWaiting = limits.maxWaiting ?? 64;
  const maxWaitingPerPrincipal = limits.maxWaitingPerPrincipal ?? 16;
  const maxWaitMs = limits.maxWaitMs ?? 10_000;
  const taken = new Map<string, number>();
  const queue = new Set<Waiter>();
  let typicalMs = 250;

  const limitOf = (key: string): number =>
    (key.startsWith("p:") ? limits.perPrincipal : limits.perSource) ?? Number.POSITIVE_INFINITY;
  const isFree = (keys: readonly string[]) => keys.every((key) => (taken.get(key) ?? 0) < limitOf(key));

  function occupy(keys: readonly string[]): () => void {
    for (const key of keys) taken.set(key, (taken.get(key) ?? 0) + 1);
    const started = now();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      typicalMs = typicalMs * 0.8 + (now() - started) * 0.2;
      for (const key of keys) {
        const rest = (taken.get(key) ?? 1) - 1;
        if (rest > 0) taken.set(key, rest);
        else taken.delete(key);
      }
      admitWaiting();
    };
  }

  /** In order of arrival, passing over those whose slots are still taken: one busy source holds up nobody else. */
  function admitWaiting(): void {
    for (const waiter of queue) {
      if (isFree(waiter.keys)) waiter.start();
    }
  }

  function wait(keys: readonly string[], principal: string, signal: AbortSignal | undefined) {
    return new Promise<() => void>((resolve, reject) => {
      const leave = () => {
        queue.delete(waiter);
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const onAbort = () => {
        leave();
        reject(cancelled());
      };
      const waiter: Waiter = {
        keys,
        principal,
        start: () => {
          leave();
          resolve(occupy(keys));
        },
      };
      const timer = setTimeout(() => {
        leave();
        reject(busy("No slot became free in time."));
      }, maxWaitMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      queue.add(waiter);
    });
  }

  function busy(message: string): ToolError {
    const retryAfterMs = Math.round(Math.min(Math.max(typicalMs * (1 + queue.size / 4), 100), 30_000));
    return new ToolError("UNAVAILABLE", message, {
      hint: "Wait as long as retry_after_ms says, and run fewer calls at once.",
      retryAfterMs,
      details: { reason: "too_many_running" },
    });
  }

  return {
    async acquire(principal, source, signal) {
      if (signal?.aborted) throw cancelled();
      const keys = [`p:${principal}`, ...(source === undefined ? [] : [`s:${source}`])];
      if (isFree(keys)) return occupy(keys);
      let own = 0;
      for (const waiter of queue) if (waiter.principal === principal) own += 1;
      if (queue.size >= maxWaiting || own >= maxWaitingPerPrincipal) {
        throw busy("Too many calls are running and waiting.");
      }
      return wait(keys, principal, signal);
    },
    running: (principal) => taken.get(`p:${principal}`) ?? 0,
    get waiting() {
      return queue.size;
    },
  };
}

function cancelled(): ToolError {
  return new ToolError("CANCELLED", "The call was cancelled while it waited for a slot.");
}
