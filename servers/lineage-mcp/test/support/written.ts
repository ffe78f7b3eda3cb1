import { readFileSync } from "node:fs";
import { createEventValidator } from "../../src/events/validate.ts";
import { eventKey } from "../../src/ingest/event-key.ts";
import { listEventFiles } from "../../src/ingest/files.ts";

export interface Written {
  readonly keys: ReadonlySet<string>;
  readonly invalid: readonly string[];
}

/** Every whole line of a folder's event files, each event once. */
export function writtenIn(folder: string): Written {
  const validator = createEventValidator();
  const keys = new Set<string>();
  const invalid: string[] = [];
  for (const { absolute } of listEventFiles(folder)) {
    const text = readFileSync(absolute, "utf8");
    for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
      if (line.trim() === "") continue;
      const checked = validator.line(line);
      if (checked.ok) keys.add(eventKey(checked, line));
      else invalid.push(`${checked.reason}: ${line.slice(0, 300)}`);
    }
  }
  return { keys, invalid };
}

/** The keys of all events a database holds. */
export const storedKeys =
  "SELECT event_key FROM runtime_events UNION ALL SELECT event_key FROM ol_events UNION ALL SELECT event_key FROM dataframe_lineage_events UNION ALL SELECT event_key FROM schemas UNION ALL SELECT event_key FROM bindings";
