import type { createRemoteJWKSet, JWTVerifyGetKey } from "jose";

export interface RemoteKeysOptions {
  /** Milliseconds until fetching the key set is given up. */
  readonly fetchTimeoutMs?: number;
  /** Least time between two fetches for a key that is not in the set. */
  readonly cooldownMs?: number;
  /** How long a fetched set is used without asking again. */
  readonly cacheMs?: number;
  /** How long after a failed fetch none is tried: a flood of tokens must not become a flood of fetches. */
  readonly failureCooldownMs?: number;
  readonly now?: () => number;
}

/** An issuer's published keys, fetched when first needed, on a new key id, and when old. */
export function remoteKeys(
  create: typeof createRemoteJWKSet,
  url: URL,
  options: RemoteKeysOptions,
): JWTVerifyGetKey {
  const now = options.now ?? Date.now;
  const failureCooldownMs = options.failureCooldownMs ?? 2_000;
  const keys = create(url, {
    timeoutDuration: options.fetchTimeoutMs ?? 5_000,
    cooldownDuration: options.cooldownMs ?? 30_000,
    cacheMaxAge: options.cacheMs ?? 600_000,
  });
  let failure: { readonly error: unknown; readonly until: number } | undefined;

  return async (header, token) => {
    // With keys in hand a failed fetch stops nobody whose key is known.
    if (failure !== undefined && !keys.fresh && now() < failure.until) throw failure.error;
    try {
      const key = await keys(header, token);
      failure = undefined;
      return key;
    } catch (error) {
      if (!keys.fresh) failure = { error, until: now() + failureCooldownMs };
      throw error;
    }
  };
}
