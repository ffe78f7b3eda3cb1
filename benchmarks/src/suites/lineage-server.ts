import { median } from "../harness/numbers.ts";
import type { Result, Row } from "../harness/result.ts";
import { original } from "../lineage/original.ts";
import { lineageBench } from "../lineage/server.ts";

const rounds = 7;
const restMs = 14_000;

/** What the server costs while nobody asks. */
export async function lineageServer(): Promise<Result> {
  const starts: number[] = [];
  const empty: number[] = [];
  const filled: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [blank, demo] = [await lineageBench(), await lineageBench("--demo")];
    starts.push(blank.startMs, demo.startMs);
    await blank.ask("get_status");
    await demo.ask("get_status");
    await demo.ask("query_memories", { sql_query: "SELECT count(*) FROM cell_runs" });
    await new Promise((resolve) => setTimeout(resolve, restMs));
    empty.push(blank.privateMb());
    filled.push(demo.privateMb());
    resident.push(demo.residentMb());
    await blank.close();
    await demo.close();
  }
  const theirs = await original(200);
  const others: Row["others"] = theirs === undefined ? {} : { original: theirs.idle_mb };
  const row = (
    measure: string,
    unit: string,
    ours: number,
    goal?: string,
    than: Row["others"] = {},
  ): Row => ({
    measure,
    unit,
    lower_is_better: true,
    ours,
    others: than,
    ...(goal === undefined ? {} : { goal }),
  });
  return {
    title: "lineage-mcp at rest",
    rows: [
      row("Start to first tools/list", "ms", median(starts), "≤ 600 ms"),
      row("Private memory, empty database open", "MB", median(empty), "≤ 50 MB", others),
      row("Private memory, recorded session read and asked about", "MB", median(filled), "≤ 50 MB"),
      row("Resident memory of the same (bare Node: 41 MB)", "MB", median(resident)),
    ],
  };
}
