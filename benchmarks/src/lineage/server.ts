import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { launch } from "../harness/wire-client.ts";

const cli = fileURLToPath(new URL("../../../servers/lineage-mcp/dist/cli.js", import.meta.url));

export interface LineageBench {
  readonly events: string;
  readonly startMs: number;
  ask<T>(tool: string, args?: Record<string, unknown>): Promise<T>;
  privateMb(): number;
  residentMb(): number;
  close(): Promise<void>;
}

interface Status {
  readonly ingest: { readonly events: number; readonly dead_letters: number };
}

/** The built server on a data directory of its own. */
export async function lineageBench(...args: string[]): Promise<LineageBench> {
  const home = mkdtempSync(join(tmpdir(), "bench-lineage-"));
  mkdirSync(join(home, "events"));
  const client = await launch({
    command: process.execPath,
    args: [cli, ...(args.length > 0 ? args : ["--data-dir", home])],
    env: { LINEAGE_MCP_LOG_LEVEL: "error" },
  });
  return {
    events: join(home, "events"),
    startMs: client.startMs,
    async ask<T>(tool: string, given: Record<string, unknown> = {}) {
      const answer = await client.call({ name: tool, arguments: given });
      if (answer.isError) throw new Error(`a measured call failed: ${answer.content[0]?.text}`);
      return (JSON.parse(answer.content[0]?.text ?? "{}") as { data: T }).data;
    },
    privateMb: () => privateOf(client.pid),
    residentMb: () => client.residentMb(),
    async close() {
      await client.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Waits for a number of events to be stored; refused ones would make every figure worthless. */
export async function stored(bench: LineageBench, count: number): Promise<void> {
  for (;;) {
    const { ingest } = await bench.ask<Status>("get_status");
    if (ingest.dead_letters > 0) throw new Error("measured events were refused");
    if (ingest.events >= count) return;
    // Every answer takes time from what is waited for.
    await sleep(5);
  }
}

/** Megabytes only this process has, as Linux counts them. */
function privateOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/Private_Dirty:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1_024;
}
