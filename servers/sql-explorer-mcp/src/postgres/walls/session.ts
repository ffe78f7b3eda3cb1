import { quoteName, quoteText } from "../protocol/quote.ts";
import { ownStep, type Step } from "../protocol/step.ts";

export interface SessionSettings {
  /** Searched in this order; the caller's temporary schema comes last. */
  readonly schemas: readonly string[];
  readonly role?: string | undefined;
  readonly statementTimeoutMs: number;
}

/** Opens the walls around the caller's text, and closes the transaction behind it. */
export interface Session {
  /** Settings a direct connection starts with and returns to when it is scrubbed, as pg_settings prints them. */
  readonly defaults: Readonly<Record<string, string>>;
  /** `prepared`: the connection is known to have the defaults, so they need not be set again. */
  begin(settings: SessionSettings, prepared: boolean): Step;
  end(pooled: boolean): Step;
  /** Runs after every answer, before the connection serves somebody else; not behind a pooler. */
  readonly scrub: string;
}

/** Results are in UTC, with ISO dates and hex bytes; the timeouts bound what a transaction may hold up. */
export interface SessionTimeouts {
  readonly lockTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/**
 * A READ ONLY transaction that is always rolled back. Every setting is LOCAL to it where the connection may be a
 * pooler's; nothing of it outlives the rollback either way.
 */
export function createReadOnlySession(timeouts: SessionTimeouts): Session {
  const known = new Map<string, Step>();
  const rollback = ownStep(["ROLLBACK"]);
  // A pooler hands the server connection on without a reset: what a rollback keeps is dropped here.
  const pooledRollback = ownStep(["SELECT pg_catalog.pg_advisory_unlock_all()", "ROLLBACK"]);
  const defaults = {
    default_transaction_read_only: "on",
    standard_conforming_strings: "on",
    client_encoding: "UTF8",
    TimeZone: "UTC",
    DateStyle: "ISO, YMD",
    IntervalStyle: "postgres",
    bytea_output: "hex",
    extra_float_digits: "1",
    jit: "off",
    lock_timeout: milliseconds(timeouts.lockTimeoutMs),
    idle_in_transaction_session_timeout: milliseconds(timeouts.idleTimeoutMs),
  };
  return {
    defaults,
    begin(settings, prepared) {
      const key = JSON.stringify([prepared, settings.statementTimeoutMs, settings.role, settings.schemas]);
      const held = known.get(key);
      if (held !== undefined) return held;
      const step = ownStep(prologue(settings, prepared ? {} : defaults));
      if (known.size >= 200) known.clear();
      known.set(key, step);
      return step;
    },
    end: (pooled) => (pooled ? pooledRollback : rollback),
    scrub: "DISCARD ALL",
  };
}

/** The role comes last: it may not be allowed to do what comes before. */
export function prologue(settings: SessionSettings, defaults: Readonly<Record<string, string>>): string[] {
  const path = [...settings.schemas.map(quoteName), "pg_temp"].join(", ");
  return [
    "BEGIN TRANSACTION READ ONLY",
    `SET LOCAL statement_timeout = ${milliseconds(settings.statementTimeoutMs)}`,
    `SET LOCAL search_path = ${path}`,
    ...Object.entries(defaults).map(([name, value]) => `SET LOCAL ${name} = ${quoteText(value)}`),
    ...(settings.role === undefined ? [] : [`SET LOCAL ROLE ${quoteName(settings.role)}`]),
  ];
}

// Zero would switch a timeout off.
function milliseconds(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("a timeout must be a number of milliseconds");
  return String(Math.min(Math.max(1, Math.ceil(value)), 2_147_483_647));
}
