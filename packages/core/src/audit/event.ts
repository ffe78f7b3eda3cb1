import type { ErrorCode } from "../error/codes.ts";

/** One line of the audit trail: one per call, plus an `intent` before anything that writes. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  readonly ts: string;
  readonly kind: "call" | "intent";
  readonly request_id: string;
  readonly server: string;
  readonly tool: string;
  readonly principal: string;
  readonly tenant?: string;
  /** Redacted arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Absent on an intent. */
  readonly verdict?: "ok" | ErrorCode;
  /** What the handler reported: source, tables, rows, bytes and the like. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly timing_ms?: number;
}
