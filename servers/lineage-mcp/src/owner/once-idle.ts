export interface OnceIdle {
  /** Something happened: the wait begins anew. */
  touch(): void;
  /** True once per burst, when the wait is over. */
  due(): boolean;
}

/** Nothing is due before the first touch. By a clock nobody sets. */
export function onceIdle(afterMs: number, now: () => number = () => performance.now()): OnceIdle {
  let since: number | undefined;
  return {
    touch() {
      since = now();
    },
    due() {
      if (since === undefined || now() - since < afterMs) return false;
      since = undefined;
      return true;
    },
  };
}
