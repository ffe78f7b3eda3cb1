/** Who waits for how much of which files. */
export interface Waiting {
  /** Ends when every one of the files was handled up to its size. */
  until(files: readonly { readonly path: string; readonly size: number }[]): Promise<void>;
  /** Read up to these sizes, and committed. */
  handled(sizes: ReadonlyMap<string, number>): void;
  /** There is no more to read: what was waited for and did not come is not there any more. */
  over(): void;
  failed(error: unknown): void;
}

interface Waiter {
  readonly left: Map<string, number>;
  resolve(): void;
  reject(error: unknown): void;
}

export function createWaiting(): Waiting {
  const waiters = new Set<Waiter>();
  return {
    until(files) {
      return new Promise((resolve, reject) => {
        const left = new Map(files.map(({ path, size }) => [path, size]));
        if (left.size === 0) resolve();
        else waiters.add({ left, resolve, reject });
      });
    },
    handled(sizes) {
      for (const waiter of [...waiters]) {
        for (const [path, size] of sizes) {
          const wanted = waiter.left.get(path);
          if (wanted !== undefined && size >= wanted) waiter.left.delete(path);
        }
        if (waiter.left.size > 0) continue;
        waiters.delete(waiter);
        waiter.resolve();
      }
    },
    over() {
      for (const waiter of waiters) waiter.resolve();
      waiters.clear();
    },
    failed(error) {
      for (const waiter of waiters) waiter.reject(error);
      waiters.clear();
    },
  };
}
