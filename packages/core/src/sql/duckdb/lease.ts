import type { LockedInstance } from "./locked.ts";

export interface Lease {
  /** Rises with each instance that reads other files than the one before. */
  readonly generation: number;
  /** Opens when needed; the instance stays open at least until the work ends. */
  use<T>(work: (instance: LockedInstance, generation: number) => Promise<T>): Promise<T>;
  /** Lets go of the instance when the files behind it changed; work under way keeps the old one. */
  refresh(): Promise<void>;
  /** Closes once the last work ends. */
  retire(): void;
}

interface Held {
  readonly instance: LockedInstance;
  readonly generation: number;
  users: number;
  closing: boolean;
}

/**
 * Holds an instance while it is used and a little longer, so that a writer gets its turn at the file:
 * an open database file is locked against other processes.
 */
export function createLease(options: {
  open(): Promise<LockedInstance>;
  identity(): Promise<string>;
  readonly idleMs: number;
  readonly generation: number;
}): Lease {
  let generation = options.generation;
  let lastIdentity: string | undefined;
  let current: Promise<Held> | undefined;
  let idle: NodeJS.Timeout | undefined;

  async function acquire(): Promise<Held> {
    clearTimeout(idle);
    current ??= openNow();
    const opening = current;
    try {
      const held = await opening;
      held.users++;
      return held;
    } catch (error) {
      if (current === opening) current = undefined;
      throw error;
    }
  }

  async function openNow(): Promise<Held> {
    const identity = await options.identity();
    const instance = await options.open();
    if (lastIdentity !== undefined && lastIdentity !== identity) generation++;
    lastIdentity = identity;
    return { instance, generation, users: 0, closing: false };
  }

  function release(held: Held): void {
    held.users--;
    if (held.users > 0) return;
    if (held.closing) held.instance.close();
    else {
      clearTimeout(idle);
      idle = setTimeout(letGo, options.idleMs);
      idle.unref();
    }
  }

  function letGo(): void {
    const opening = current;
    current = undefined;
    clearTimeout(idle);
    opening?.then(
      (held) => {
        held.closing = true;
        if (held.users === 0) held.instance.close();
      },
      () => undefined,
    );
  }

  return {
    get generation() {
      return generation;
    },
    async use(work) {
      const held = await acquire();
      try {
        return await work(held.instance, held.generation);
      } finally {
        release(held);
      }
    },
    async refresh() {
      if (current !== undefined && (await options.identity()) !== lastIdentity) letGo();
    },
    retire: letGo,
  };
}
