import { ToolError } from "../../error/tool-error.ts";

export interface Slots {
  /** Waits for a place; UNAVAILABLE when none comes free in time. Call the result to give it back. */
  take(signal: AbortSignal | undefined): Promise<() => void>;
}

/** At most `size` at once, the others in order of arrival. */
export function createSlots(size: number, waitMs: number): Slots {
  let free = size;
  const waiting: { grant(): void }[] = [];

  function release(): void {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next.grant();
  }

  return {
    take(signal) {
      if (signal?.aborted === true) return Promise.reject(cancelled());
      if (free > 0) {
        free--;
        return Promise.resolve(once(release));
      }
      return new Promise((resolve, reject) => {
        const leave = (error: ToolError) => {
          waiting.splice(waiting.indexOf(waiter), 1);
          done();
          reject(error);
        };
        const onAbort = () => leave(cancelled());
        const timer = setTimeout(() => leave(busy(waitMs)), waitMs);
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
        };
        const waiter = {
          grant() {
            done();
            resolve(once(release));
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(waiter);
      });
    },
  };
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}

export function cancelled(): ToolError {
  return new ToolError("CANCELLED", "The call was cancelled.");
}

function busy(waitMs: number): ToolError {
  return new ToolError("UNAVAILABLE", "All places for statements on this source are taken.", {
    hint: "Wait a moment and call again.",
    retryAfterMs: Math.max(500, waitMs),
  });
}
