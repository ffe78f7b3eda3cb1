import { ToolError } from "@mcp-data/core";
import type { Catalog } from "./catalog.ts";

export interface CatalogCache {
  /** At most `ttlMs` old; `fresh` takes a new one. One load at a time. */
  get(options: { readonly fresh?: boolean; readonly signal: AbortSignal }): Promise<Catalog>;
  /** A newer one after a name was not found, unless the held one is so young that asking again is pointless. */
  afterMiss(seen: Catalog, signal: AbortSignal): Promise<Catalog>;
}

export interface CatalogCacheOptions {
  load(): Promise<Catalog>;
  readonly ttlMs: number;
  /** Misses renew at most this often. */
  readonly floorMs: number;
  readonly now?: () => number;
}

export function createCatalogCache({
  load,
  ttlMs,
  floorMs,
  now = Date.now,
}: CatalogCacheOptions): CatalogCache {
  let held: Catalog | undefined;
  let loading: Promise<Catalog> | undefined;
  const age = (catalog: Catalog) => now() - catalog.snapshot.takenAt;

  // The load serves everybody who waits: one caller's cancel must not end it for the others.
  function refresh(): Promise<Catalog> {
    loading ??= load()
      .then((catalog) => {
        held = catalog;
        return catalog;
      })
      .finally(() => {
        loading = undefined;
      });
    return loading;
  }

  return {
    async get({ fresh, signal }) {
      if (held !== undefined && fresh !== true && age(held) < ttlMs) return held;
      return unlessAborted(refresh(), signal);
    },
    async afterMiss(seen, signal) {
      if (held !== undefined && held !== seen) return held;
      return age(seen) < floorMs ? seen : unlessAborted(refresh(), signal);
    },
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new ToolError("CANCELLED", "The call was cancelled."));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
