import { ToolError } from "@mcp-data/core";

export interface UnderWay {
  /** Aborted when the end begins. */
  readonly ending: AbortSignal;
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Refuses what comes from now on and waits for what is under way. */
  end(): Promise<void>;
}

/** Work on what will be closed: the engine does not survive that a connection is closed while it is asked. */
export function createUnderWay(): UnderWay {
  const running = new Set<Promise<unknown>>();
  const ending = new AbortController();
  return {
    ending: ending.signal,
    run(work) {
      if (ending.signal.aborted) {
        return Promise.reject(
          new ToolError("UNAVAILABLE", "The lineage database is being closed.", {
            hint: "Ask again in a moment.",
            details: { reason: "owner_gone" },
          }),
        );
      }
      const one = work();
      running.add(one);
      one.catch(() => undefined).finally(() => running.delete(one));
      return one;
    },
    async end() {
      ending.abort();
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
