import { quoteName } from "../protocol/quote.ts";
import { ownStep, type Step } from "../protocol/step.ts";

export interface SessionSettings {
  /** Searched in this order; the caller's temporary schema comes last. */
  readonly schemas: readonly string[];
  readonly role?: string | undefined;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

/** Opens the walls around the caller's text, and closes the transaction behind it. */
export interface Session {
  begin(settings: SessionSettings): Step;
  end(pooled: boolean): Step;
  /** Sent after the answer, before the connection serves somebody else; not behind a pooler. */
  readonly scrub: string;
}

/**
 * Everything is LOCAL to a READ ONLY transaction, so it holds behind a transaction pooler
 * and none of it outlives the rollback. Results are in UTC, ISO dates and hex.
 */
export function createReadOnlySession(): Session {
  const known = new Map<string, Step>();
  const rollback = ownStep(["ROLLBACK"]);
  // A pooler hands the server connection on without a reset: what a rollback keeps is dropped here.
  const pooledRollback = ownStep(["SELECT pg_catalog.pg_advisory_unlock_all()", "ROLLBACK"]);
  return {
    begin(settings) {
      const texts = prologue(settings);
      const key = texts.join(";");
      const held = known.get(key);
      if (held !== undefined) return held;
      const step = ownStep(texts);
      if (known.size >= 200) known.clear();
      known.set(key, step);
      return step;
    },
    scrub: "DISCARD ALL",
    end: (pooled) => (pooled ? pooledRollback : rollback),
  };
}

export function prologue(settings: SessionSettings): string[] {
  const path = [...settings.schemas.map(quoteName), "pg_temp"].join(", ");
  return [
    "BEGIN TRANSACTION READ ONLY",
    `SET LOCAL statement_timeout = ${milliseconds(settings.statementTimeoutMs)}`,
    `SET LOCAL lock_timeout = ${milliseconds(settings.lockTimeoutMs)}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${milliseconds(settings.idleTimeoutMs)}`,
    `SET LOCAL search_path = ${path}`,
    "SET LOCAL default_transaction_read_only = on",
    "SET LOCAL standard_conforming_strings = on",
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL jit = off",
    ...(settings.role === undefined ? [] : [`SET LOCAL ROLE ${quoteName(settings.role)}`]),
  ];
}

// Zero would switch a timeout off.
function milliseconds(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError("a timeout must be a number of milliseconds");
  return Math.min(Math.max(1, Math.ceil(value)), 2_147_483_647);
}
