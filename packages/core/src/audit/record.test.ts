import { expect, test } from "vitest";
import type { AuditEvent } from "./event.ts";
import { type AuditRecorderOptions, createAuditRecorder } from "./record.ts";

const event: AuditEvent = {
  ts: "2026-01-01T00:00:00.000Z",
  kind: "call",
  request_id: "r1",
  server: "shop",
  tool: "query",
  principal: "key:ann",
  args: { sql: "select 'hunter2'" },
  facts: { rows: 1 },
  verdict: "ok",
};

function setUp(options: Partial<AuditRecorderOptions> = {}) {
  const written: AuditEvent[] = [];
  const failures: unknown[] = [];
  const recorder = createAuditRecorder({
    sink: { write: async (kept) => void written.push(kept), close: async () => {} },
    failing: "closed",
    redact: (raw) => ({ ...raw, args: { sql: "[redacted]" } }),
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { recorder, written, failures };
}

const fullDisk = {
  write: async () => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write '/var/audit.log'"), {
      code: "ENOSPC",
    });
  },
  close: async () => {},
};

test("the sink sees the redacted event only", async () => {
  const { recorder, written } = setUp();
  await recorder.record(event);
  expect(written).toEqual([{ ...event, args: { sql: "[redacted]" } }]);
});

test("a redactor that breaks costs the arguments, not the secret and not the event", async () => {
  const { recorder, written } = setUp({
    redact: () => {
      throw new Error("cannot read hunter2");
    },
  });
  await recorder.record(event);
  expect(written).toMatchObject([{ tool: "query", verdict: "ok", args: { redaction_failed: true } }]);
  expect(JSON.stringify(written)).not.toContain("hunter2");
});

test("failing closed refuses the call without naming the file; failing open goes on; both are reported", async () => {
  const closed = setUp({ sink: fullDisk });
  const refusal = await closed.recorder.record(event).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "UNAVAILABLE", details: { reason: "audit_unavailable" } });
  expect(String(refusal)).not.toContain("/var/audit.log");
  expect(closed.failures).toHaveLength(1);

  const open = setUp({ sink: fullDisk, failing: "open" });
  await open.recorder.record(event);
  expect(open.failures).toMatchObject([{ code: "ENOSPC" }]);
});
