import { ToolError } from "../error/tool-error.ts";
import type { AuditEvent } from "./event.ts";
import type { AuditRecorder } from "./recorder.ts";
import type { AuditSink } from "./sink.ts";

export interface AuditRecorderOptions {
  readonly sink: AuditSink;
  /** What a call does when its event cannot be kept: go on (open) or be refused (closed). */
  readonly failing: "open" | "closed";
  /** Takes out what must not be kept; when it throws, the arguments are dropped rather than written raw. */
  readonly redact: (event: AuditEvent) => AuditEvent;
  /** Told of every event that was not kept. */
  readonly onFailure: (error: unknown, event: AuditEvent) => void;
}

/** The trail as calls use it: UNAVAILABLE when an event could not be kept and the trail fails closed. */
export function createAuditRecorder(options: AuditRecorderOptions): AuditRecorder {
  const redacted = (event: AuditEvent): AuditEvent => {
    try {
      return options.redact(event);
    } catch {
      const { facts: _, ...rest } = event;
      return { ...rest, args: { redaction_failed: true } };
    }
  };
  return {
    async record(event) {
      const kept = redacted(event);
      try {
        await options.sink.write(kept);
      } catch (error) {
        options.onFailure(error, kept);
        if (options.failing === "open") return;
        throw new ToolError("UNAVAILABLE", "The audit trail cannot be written, and calls need it.", {
          hint: "The operator must free space or restore the trail; its state is in the server's log.",
          retryAfterMs: 10_000,
          details: { reason: "audit_unavailable" },
          cause: error,
        });
      }
    },
  };
}
