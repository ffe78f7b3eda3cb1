import type { ServerResponse } from "node:http";

/** Counts the answers still being worked on, so that a stop can wait for them. */
export interface InFlight {
  readonly count: number;
  /** Counts until the answer is sent or its client is gone. */
  track(outgoing: ServerResponse): void;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
}

export function createInFlight(): InFlight {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    get count() {
      return count;
    },
    track(outgoing) {
      count += 1;
      outgoing.once("close", () => {
        count -= 1;
        if (count > 0) return;
        for (const resolve of waiting) resolve();
        waiting = [];
      });
    },
    idle() {
      return count === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve));
    },
  };
}
