import type { AuditEvent } from "./event.ts";

/** What a call needs of the audit trail; rejects only where the configuration says to fail closed. */
export interface AuditRecorder {
  record(event: AuditEvent): Promise<void>;
}
