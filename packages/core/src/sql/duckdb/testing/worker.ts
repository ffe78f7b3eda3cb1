import type { WorkerEntry } from "../child.ts";

/** The worker straight from its TypeScript source. */
export const testWorker: WorkerEntry = {
  url: new URL("./worker-entry.ts", import.meta.url),
  execArgv: ["--import", import.meta.resolve("tsx"), "--conditions=@mcp-data/source"],
};
