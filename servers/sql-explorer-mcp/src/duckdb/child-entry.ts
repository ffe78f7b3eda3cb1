import type { WorkerEntry } from "@mcp-data/core/sql/duckdb";

/** The engine's process: a build entry beside the bundle, or its source with a loader in a checkout. */
export function childEntry(from = import.meta.url): WorkerEntry {
  if (!from.endsWith(".ts")) return { url: new URL("./duckdb-child.js", from) };
  return { url: new URL("./child.ts", from), execArgv: ["--import", "tsx", "--conditions=@mcp-data/source"] };
}
