import type { AuditEvent } from "./event.ts";

/** Where audit events go: stderr, a file, or the database of a server that has one. */
export interface AuditSink {
  /** Resolves once the event is kept; rejects when it could not be. */
  write(event: AuditEvent): Promise<void>;
  close(): Promise<void>;
}
