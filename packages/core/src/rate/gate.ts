import type { Principal } from "../auth/principal.ts";

/** A reservation in every window and one concurrency slot. */
export interface Admission {
  /** Frees the slot; with `refund` the windows get their unit back. A second release does nothing. */
  release(options: { refund: boolean }): Promise<void>;
}

/** Decides whether a call may start now; rejects with RATE_LIMITED or UNAVAILABLE (ToolError, with a wait). */
export interface AdmissionGate {
  /** An abort while waiting for a slot leaves the queue and rejects with CANCELLED. */
  admit(principal: Principal, source: string | undefined, signal?: AbortSignal): Promise<Admission>;
}
