import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type Checked, createEventValidator, type Family } from "../events/validate.ts";
import { eventKey } from "../ingest/event-key.ts";
import { listEventFiles } from "../ingest/files.ts";

export interface ReadRequest {
  readonly family: "lineage" | "all";
  readonly session?: string | undefined;
  readonly since?: string | undefined;
}

export interface ReadEvent {
  readonly line: string;
  readonly family: Family;
  readonly event: Record<string, unknown>;
}

/** Every valid event of the durable files once, in the order written. */
export async function* readEvents(folder: string, request: ReadRequest): AsyncGenerator<ReadEvent> {
  const validator = createEventValidator();
  const seen = new Set<string>();
  const since = request.since === undefined ? undefined : Date.parse(request.since);
  for (const file of listEventFiles(folder)) {
    for await (const line of createInterface({
      input: createReadStream(file.absolute),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      if (line.trim() === "") continue;
      const checked = validator.line(line);
      if (!checked.ok || (request.family === "lineage" && checked.family !== "lineage")) continue;
      if (request.session !== undefined && sessionOf(checked) !== request.session) continue;
      if (
        since !== undefined &&
        !(Date.parse(String(checked.event.eventTime ?? checked.event.timestamp)) >= since)
      )
        continue;
      const key = eventKey(checked, line);
      if (seen.has(key)) continue;
      seen.add(key);
      yield { line, family: checked.family, event: checked.event };
    }
  }
}

function sessionOf({ event }: Extract<Checked, { ok: true }>): string | undefined {
  if (typeof event.session_id === "string") return event.session_id;
  const facets = (event.run as { facets?: Record<string, { sessionId?: string }> } | undefined)?.facets;
  return (facets?.lineageMcp_marimoRun ?? facets?.lineageMcp_marimoSession)?.sessionId;
}
