/** Time that moves only when told to. */
export interface FakeClock {
  /** Milliseconds; bound, so it can be handed over as a `now` function. */
  now(): number;
  /** Resolves once that much time has been advanced. */
  sleep(ms: number): Promise<void>;
  /** Moves time and wakes, in order of time, who slept until then. */
  advance(ms: number): Promise<void>;
}

export function createFakeClock(startMs = Date.UTC(2030, 0, 1)): FakeClock {
  let current = startMs;
  let sleepers: { at: number; wake: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    now: () => current,
    sleep: (ms) => new Promise((wake) => void sleepers.push({ at: current + ms, wake })),
    async advance(ms) {
      const until = current + ms;
      for (;;) {
        sleepers.sort((a, b) => a.at - b.at);
        const next = sleepers[0];
        if (next === undefined || next.at > until) break;
        sleepers = sleepers.slice(1);
        current = next.at;
        next.wake();
        // Whoever woke may sleep again before the rest of the time passes.
        await settle();
      }
      current = until;
      await settle();
    },
  };
}
