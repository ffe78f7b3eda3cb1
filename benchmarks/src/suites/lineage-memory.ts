import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../harness/numbers.ts";
import { alone, type Result } from "../harness/result.ts";
import { cellRun } from "../lineage/events.ts";
import { kernel } from "../lineage/kernel.ts";
import { type LineageBench, lineageBench, stored } from "../lineage/server.ts";

const minutes = Number(process.env.LINEAGE_MEMORY_MINUTES ?? 30);
const seconds = minutes * 60;
const events = Math.round((1_000_000 / 30) * minutes);
const questions = Math.round((10_000 / 30) * minutes);

/** A long session: events and questions at an even pace, and a notebook that is recorded beside it. */
export async function lineageMemory(): Promise<Result> {
  const bench = await lineageBench();
  try {
    const recorded = kernel(dirname(bench.events), seconds);
    const [first, last] = await session(bench);
    const notebook = await recorded;
    const during = `of ${minutes} min`;
    const rows = [
      alone(`Server, private memory after a sixth ${during}`, "MB", first),
      alone(
        `… after all of it, ${events.toLocaleString("en-US")} events and ${questions.toLocaleString("en-US")} questions`,
        "MB",
        last,
        `≤ ${(first * 1.1).toFixed(1)} MB, 10 % more`,
      ),
      alone(`Recorded notebook, private memory after a sixth ${during}`, "MB", notebook.first_mb),
      alone(
        `… after all of it, ${notebook.rounds.toLocaleString("en-US")} runs of its cells`,
        "MB",
        notebook.last_mb,
        `≤ ${(notebook.first_mb * 1.1).toFixed(1)} MB, 10 % more`,
      ),
    ];
    return { title: "lineage-mcp over a long session", rows };
  } finally {
    await bench.close();
  }
}

/** Private megabytes at the end of the first sixth and of the last: medians of 30 samples. */
async function session(bench: LineageBench): Promise<[number, number]> {
  const samples: { at: number; mb: number }[] = [];
  const began = performance.now();
  const past = () => (performance.now() - began) / 1_000;
  let sent = 0;
  let asked = 0;
  for (; past() < seconds || asked < questions; ) {
    const due = Math.min(1, past() / seconds);
    const lines: string[] = [];
    for (; sent < due * events; sent += 2) lines.push(...cellRun("0000000f", sent));
    if (lines.length > 0)
      appendFileSync(
        join(bench.events, `session_runtime.${Math.floor(sent / 50_000)}.jsonl`),
        `${lines.join("\n")}\n`,
      );
    for (; asked < due * questions; asked += 1) await question(bench, asked);
    if (past() - (samples.at(-1)?.at ?? 0) >= 1) samples.push({ at: past(), mb: bench.privateMb() });
    await sleep(100);
  }
  await stored(bench, events);
  const before = (end: number) =>
    median(
      samples
        .filter(({ at }) => at <= end)
        .slice(-30)
        .map(({ mb }) => mb),
    );
  return [before(seconds / 6), before(seconds)];
}

async function question(bench: LineageBench, n: number): Promise<void> {
  if (n % 3 === 0) await bench.ask("get_cell_runs", { order: "slowest", limit: 20 });
  else if (n % 3 === 1) await bench.ask("get_performance", { group_by: "cell" });
  else
    await bench.ask("query_memories", {
      sql_query: "SELECT status, count(*) AS n FROM cell_runs GROUP BY ALL",
    });
}
