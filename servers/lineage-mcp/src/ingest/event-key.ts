import { createHash } from "node:crypto";
import type { Checked, Json } from "../events/validate.ts";

/** What makes an event the same event when it is read again. */
export function eventKey(checked: Extract<Checked, { ok: true }>, line: string): string {
  const { event, family, legacy } = checked;
  if (!legacy && family === "lineage") {
    const run = (event.run as Json | undefined)?.runId;
    if (run !== undefined) return `${String(run)}/${String(event.eventType ?? "")}/${digest(line)}`;
  }
  if (!legacy && typeof event.event_id === "string") return event.event_id;
  return digest(line);
}

function digest(line: string): string {
  return createHash("sha256").update(line).digest("hex").slice(0, 24);
}
