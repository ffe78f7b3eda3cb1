/** Work that is under way, so that a stop can wait for its end. */
export interface Running {
  /** The same work, counted until it ends. */
  count<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function createRunning(): Running {
  const all = new Set<Promise<unknown>>();
  return {
    count(work) {
      all.add(work);
      const ended = () => void all.delete(work);
      work.then(ended, ended);
      return work;
    },
    async idle() {
      while (all.size > 0) await Promise.allSettled(all);
    },
  };
}
