/** Who may start a run now. */
export interface Shares {
  mayStart(owner: string): boolean;
  /** Runs of this owner that may wait; more are refused at once. */
  mayWait(owner: string): number;
  enter(owner: string): void;
  leave(owner: string): void;
  isStruck(owner: string): boolean;
  /** A run of this owner had to be killed: for a while it starts one at a time, and all such owners share little. */
  strike(owner: string): void;
}

export interface SharesOptions {
  readonly perOwner: number;
  /** Long runs hold most of what there is: everyone gets one. */
  readonly crowded: () => boolean;
  /** Runs of all struck owners together. */
  readonly forStruck?: number;
  readonly maxWaiting: number;
  readonly now?: () => number;
}

const struckMs = 60_000;
const struckWaiting = 4;

export function createShares(options: SharesOptions): Shares {
  const { perOwner, maxWaiting, crowded, forStruck = 2, now = Date.now } = options;
  const running = new Map<string, number>();
  const struckUntil = new Map<string, number>();

  const isStruck = (owner: string) => {
    const until = struckUntil.get(owner);
    if (until === undefined) return false;
    if (until > now()) return true;
    struckUntil.delete(owner);
    return false;
  };
  const runningOfStruck = () =>
    [...running].reduce((sum, [owner, count]) => (isStruck(owner) ? sum + count : sum), 0);
  return {
    isStruck,
    mayStart(owner) {
      const own = running.get(owner) ?? 0;
      if (isStruck(owner)) return own === 0 && runningOfStruck() < forStruck;
      return own < (own > 0 && crowded() ? 1 : perOwner);
    },
    mayWait: (owner) => (isStruck(owner) ? Math.min(struckWaiting, maxWaiting) : maxWaiting),
    enter(owner) {
      running.set(owner, (running.get(owner) ?? 0) + 1);
    },
    leave(owner) {
      const left = (running.get(owner) ?? 1) - 1;
      if (left === 0) running.delete(owner);
      else running.set(owner, left);
    },
    strike(owner) {
      for (const [known, until] of struckUntil) if (until <= now()) struckUntil.delete(known);
      struckUntil.set(owner, now() + struckMs);
    },
  };
}
