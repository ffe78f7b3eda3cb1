import type { Principal } from "../auth/principal.ts";

/** A reservation in every window and one concurrency slot. */
export interface Admission {
  /** Frees the slot; with `refund` the windows get their unit back. Safe to call once. */
  release(options: { refund: boolean }): Promise<void>;
}

/** Decides whether a call may start now; rejects with RATE_LIMITED or UNAVAILABLE (ToolError, with a wait). */
export interface AdmissionGate {
  admit(principal: Principal, source: string | undefined): Promise<Admission>;
}
