import { abortError } from "../errors/abort-error.ts";
import type { Catalog } from "./catalog.ts";

export interface CatalogCache {
  /** At most `ttlMs` old; `fresh` takes a new one. */
  get(options: { readonly fresh?: boolean; readonly signal: AbortSignal }): Promise<Catalog>;
  /** What is held, renewed behind the caller's back once it is old; waits when it is twice as old as it may be. */
  current(signal: AbortSignal): Promise<Catalog>;
  /** A newer one after a name was not found, unless the held one is so young that asking again is pointless. */
  afterMiss(held: Catalog, signal: AbortSignal): Promise<Catalog>;
  /** Stops a load that is under way. */
  close(): void;
}

export interface CatalogCacheOptions {
  readonly load: (signal: AbortSignal) => Promise<Catalog>;
  readonly ttlMs: number;
  /** Misses renew at most this often, and at most a tenth of the time. */
  readonly floorMs: number;
  readonly now?: () => number;
  readonly onBackgroundFailure: (error: unknown) => void;
}

export function createCatalogCache(options: CatalogCacheOptions): CatalogCache {
  const now = options.now ?? Date.now;
  const closing = new AbortController();
  let held: Catalog | undefined;
  let loading: Promise<Catalog> | undefined;
  let loadMs = 0;

  // The load serves everybody who waits: one caller's cancel must not end it for the others.
  const refresh = (): Promise<Catalog> => {
    if (loading !== undefined) return loading;
    const started = now();
    loading = options
      .load(closing.signal)
      .then((catalog) => {
        held = catalog;
        loadMs = now() - started;
        return catalog;
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  };
  const age = (catalog: Catalog) => now() - catalog.snapshot.takenAt;

  return {
    async get({ fresh, signal }) {
      if (held !== undefined && !fresh && age(held) < options.ttlMs) return held;
      return unlessAborted(refresh(), signal);
    },
    async current(signal) {
      if (held === undefined || age(held) >= options.ttlMs * 2) return unlessAborted(refresh(), signal);
      if (age(held) >= options.ttlMs) refresh().catch(options.onBackgroundFailure);
      return held;
    },
    async afterMiss(seen, signal) {
      if (held !== undefined && held !== seen) return held;
      if (age(seen) < Math.max(options.floorMs, loadMs * 10)) return seen;
      return unlessAborted(refresh(), signal);
    },
    close: () => closing.abort(),
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
