import { type Clock, systemClock } from "./clock.ts";

export interface FollowingClock extends Clock {
  /** The time the other side says it is. */
  observe(epochMs: number): void;
}

/** Real time until another clock was seen; from then on, that one's time. Never goes back. */
export function createFollowingClock(base: Clock = systemClock): FollowingClock {
  let offset = 0;
  return {
    now: () => base.now() + offset,
    sleep: (ms, signal) => base.sleep(ms, signal),
    observe(epochMs) {
      if (Number.isFinite(epochMs)) offset = Math.max(offset, epochMs - base.now());
    },
  };
}
