import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, expect } from "vitest";
import { createEventValidator } from "../../src/events/validate.ts";
import { listEventFiles } from "../../src/ingest/files.ts";

const demo = new Set(readdirSync(join(import.meta.dirname, "../../demo")));
const problems: string[] = [];
const folders = new Set<string>();

/** What a recorder wrote: `hash_pid_session_family`, with a number once it was rotated. */
const written = /^[a-f0-9]{8}_\d+_[a-f0-9]{8}_(?:runtime|lineage|dataframe_lineage)(?:\.\d+)?\.jsonl$/;

/** Every event a recorder wrote below these folders must be valid when the test file ends. */
export function watchEvents(folder: string): void {
  folders.add(folder);
}

/** Now, because the folder is about to go. */
export function checkEvents(folder: string): void {
  folders.delete(folder);
  problems.push(...problemsIn(folder));
}

export function problemsIn(folder: string): string[] {
  const problems: string[] = [];
  const validator = createEventValidator();
  for (const { path, absolute } of listEventFiles(folder)) {
    if (!written.test(basename(path)) || demo.has(basename(path))) continue;
    const text = readFileSync(absolute, "utf8");
    for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
      if (line === "") continue;
      const checked = validator.line(line);
      const reason = checked.ok ? incomplete(checked.event) : checked.reason;
      if (reason !== undefined) problems.push(`${path}: ${reason}: ${line.slice(0, 300)}`);
    }
  }
  return problems;
}

/** Readers of OpenLineage ask for more than its schema does. */
function incomplete(event: Record<string, unknown>): string | undefined {
  if (event.eventType === undefined) return undefined;
  const { run, job } = event as { run?: { facets?: unknown }; job?: { facets?: unknown } };
  if (run?.facets === undefined || job?.facets === undefined) return "no facets";
  return Array.isArray(event.inputs) && Array.isArray(event.outputs) ? undefined : "no inputs or outputs";
}

afterAll(() => {
  for (const folder of [...folders]) checkEvents(folder);
  expect(problems.slice(0, 20)).toEqual([]);
});
