export interface BusyTime {
  /** Milliseconds during which at least one was under way. */
  readonly ms: number;
  /** Returns what ends it. */
  begin(): () => void;
}

/** Time that overlapping requests take together, not added up. */
export function createBusyTime(now: () => number = () => performance.now()): BusyTime {
  let underWay = 0;
  let since = 0;
  let past = 0;
  return {
    get ms() {
      return underWay === 0 ? past : past + now() - since;
    },
    begin() {
      if (underWay === 0) since = now();
      underWay += 1;
      return () => {
        underWay -= 1;
        if (underWay === 0) past += now() - since;
      };
    },
  };
}
