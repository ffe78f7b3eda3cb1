import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alone, type Result } from "../harness/result.ts";
import { cellRun } from "../lineage/events.ts";
import { kernel } from "../lineage/kernel.ts";
import { type LineageBench, lineageBench, stored } from "../lineage/server.ts";

const minutes = Number(process.env.LINEAGE_MEMORY_MINUTES ?? 30);
/** Longer than the server waits before it gives back what it does not need. */
const restMs = 15_000;
const events = Math.round((1_000_000 / 30) * minutes);
const questions = Math.round((10_000 / 30) * minutes);

/** A long session: events and questions at an even pace, and a notebook that is recorded beside it. */
export async function lineageMemory(): Promise<Result> {
  const bench = await lineageBench();
  const stop = new AbortController();
  const recorded = kernel(dirname(bench.events), minutes * 60, stop.signal);
  recorded.catch(() => undefined);
  try {
    const server = await session(bench);
    const notebook = await recorded;
    const asked = `${events.toLocaleString("en-US")} events and ${questions.toLocaleString("en-US")} questions`;
    const goal = (mb: number) => `≤ ${(mb * 1.1).toFixed(1)} MB, 10 % more`;
    const rows = [
      alone(`Server, private memory at rest after a sixth of ${minutes} min`, "MB", server.first),
      alone(`… after all of it, ${asked}`, "MB", server.last, goal(server.first)),
      alone("… the most it held in between, while it worked", "MB", server.most),
      alone(`Recorded notebook, private memory after a sixth of ${minutes} min`, "MB", notebook.first_mb),
      alone(
        `… after all of it, ${notebook.rounds.toLocaleString("en-US")} runs of its cells`,
        "MB",
        notebook.last_mb,
        goal(notebook.first_mb),
      ),
    ];
    return { title: "lineage-mcp over a long session", rows };
  } finally {
    stop.abort();
    await recorded.catch(() => undefined);
    await bench.close();
  }
}

interface Memory {
  readonly first: number;
  readonly last: number;
  readonly most: number;
}

/** Private megabytes: at rest after the first sixth and after all, and the most in between. */
async function session(bench: LineageBench): Promise<Memory> {
  let [most, sent, asked, paused, first] = [0, 0, 0, 0, 0];
  const began = performance.now();
  const due = () => Math.min(1, (performance.now() - began - paused) / (minutes * 60_000));
  const atRest = async () => {
    await stored(bench, sent);
    const since = performance.now();
    await sleep(restMs);
    paused += performance.now() - since;
    return bench.privateMb();
  };
  for (let part = 0; part < 1 || asked < questions; ) {
    part = due();
    if (part >= 1 / 6 && first === 0) first = await atRest();
    const lines: string[] = [];
    for (; sent < part * events; sent += 2) lines.push(...cellRun("0000000f", sent));
    const file = join(bench.events, `session_runtime.${Math.floor(sent / 50_000)}.jsonl`);
    if (lines.length > 0) appendFileSync(file, `${lines.join("\n")}\n`);
    for (; asked < part * questions; asked += 1) await question(bench, asked);
    most = Math.max(most, bench.privateMb());
    await sleep(100);
  }
  return { first, last: await atRest(), most };
}

async function question(bench: LineageBench, n: number): Promise<void> {
  if (n % 3 === 0) await bench.ask("get_cell_runs", { order: "slowest", limit: 20 });
  else if (n % 3 === 1) await bench.ask("get_performance", { group_by: "cell" });
  else
    await bench.ask("query_memories", {
      sql_query: "SELECT status, count(*) AS n FROM cell_runs GROUP BY ALL",
    });
}
