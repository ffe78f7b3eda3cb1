import { timingSafeEqual } from "node:crypto";
import { ToolError } from "../error/tool-error.ts";
import { type KeyHash, parseKeyHash, scryptMatches, sha256 } from "./key-hash.ts";
import type { Principal } from "./principal.ts";

/** A configured API key; of the key itself only a hash. */
export interface ApiKeyEntry {
  readonly id: string;
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly tenant?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** ISO 8601. */
  readonly expires_at?: string | undefined;
  readonly disabled?: boolean | undefined;
}

export interface ApiKeys {
  /** Undefined for every key that is unknown, expired or disabled. UNAVAILABLE when too many are being checked. */
  verify(key: string): Promise<Principal | undefined>;
}

interface Known {
  readonly entry: ApiKeyEntry;
  readonly hash: KeyHash;
  readonly expiresAt: number;
  readonly principal: Principal;
}

const maxKeyChars = 512;
/** Slow hashes computed at once: a flood of wrong keys must not take every thread. */
const maxSlowChecks = 4;
const maxRemembered = 1_000;

/** CONFIG_ERROR on a malformed hash or date, or an id given twice. */
export function createApiKeys(entries: readonly ApiKeyEntry[], now: () => number = Date.now): ApiKeys {
  const known = entries.map(prepare);
  const twice = entries.findIndex((entry, at) => entries.findIndex((one) => one.id === entry.id) !== at);
  if (twice >= 0) throw configError(`auth.api_keys[${twice}].id`, "another key has the same id");
  // Keys that passed a slow hash once, by their fast one.
  const passed = new Map<string, Known>();
  let slowChecks = 0;

  const usable = ({ entry, expiresAt }: Known) => entry.disabled !== true && now() < expiresAt;

  async function findSlow(key: string, fast: string): Promise<Known | undefined> {
    const slow = known.filter((one) => one.hash.kind === "scrypt" && usable(one));
    if (slow.length === 0) return undefined;
    if (slowChecks >= maxSlowChecks) {
      throw new ToolError("UNAVAILABLE", "Too many credentials are being checked.", { retryAfterMs: 1_000 });
    }
    slowChecks += 1;
    try {
      for (const one of slow) {
        if (one.hash.kind !== "scrypt" || !(await scryptMatches(key, one.hash))) continue;
        if (passed.size >= maxRemembered) passed.clear();
        passed.set(fast, one);
        return one;
      }
      return undefined;
    } finally {
      slowChecks -= 1;
    }
  }

  return {
    async verify(key) {
      if (key === "" || key.length > maxKeyChars) return undefined;
      const digest = sha256(key);
      const fast = digest.toString("base64");
      let found: Known | undefined;
      // No early exit: the time taken does not tell which entry fits.
      for (const one of known) {
        if (one.hash.kind === "sha256" && timingSafeEqual(one.hash.hash, digest)) found = one;
      }
      found ??= passed.get(fast) ?? (await findSlow(key, fast));
      return found !== undefined && usable(found) ? found.principal : undefined;
    },
  };
}

function prepare(entry: ApiKeyEntry, at: number): Known {
  const expiresAt = entry.expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(entry.expires_at);
  if (Number.isNaN(expiresAt)) throw configError(`auth.api_keys[${at}].expires_at`, "not an ISO 8601 date");
  return {
    entry,
    hash: parseKeyHash(entry.hash, `auth.api_keys[${at}].hash`),
    expiresAt,
    principal: {
      id: `key:${entry.id}`,
      scopes: entry.scopes,
      method: "api_key",
      ...(entry.tenant === undefined ? {} : { tenant: entry.tenant }),
      ...(entry.claims === undefined ? {} : { claims: entry.claims }),
    },
  };
}

function configError(field: string, problem: string): ToolError {
  return new ToolError("CONFIG_ERROR", `${field}: ${problem}.`, { details: { field } });
}
