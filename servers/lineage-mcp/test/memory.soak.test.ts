import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { openHome } from "../src/data/home.ts";
import { cli } from "./support/cli.ts";
import { demoFolder, tempFolder } from "./support/recorded.ts";

const long = process.env.SOAK_SECONDS !== undefined;
const events = long ? 1_000_000 : 20_000;
const questions = long ? 10_000 : 200;
/** A short run has not seen its highest tide when it is first looked at. */
const within = long ? 1.1 : 1.8;
const batches = 100;

const lines = readdirSync(demoFolder)
  .filter((name) => name.endsWith("0eaad6c9_runtime.jsonl"))
  .flatMap((name) => readFileSync(join(demoFolder, name), "utf8").split("\n"))
  .filter((line) => line.includes('"cell_execution_'));

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function privateMb(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/Private_Dirty:\s+(\d+)/.exec(text)?.[1]) / 1_024;
}

test.skipIf(process.platform !== "linux")(
  `${events} events and ${questions} questions leave private memory where it was after the first fifth`,
  { timeout: 3_600_000 },
  async () => {
    const home = openHome(tempFolder());
    await using connected = await connectV1({
      command: cli.command,
      args: [...cli.args, "--data-dir", home.root],
      stderr: "ignore",
    });
    const { pid } = connected.transport as unknown as { pid: number };
    const ask = async (name: string, args: Record<string, unknown>) => {
      const answer = await connected.client.callTool({ name, arguments: args });
      if (answer.isError) throw new Error(JSON.stringify(answer.content));
      return (answer.structuredContent as { data: Record<string, unknown> }).data;
    };
    let sent = 0;
    let asked = 0;
    const run = async (upTo: number) => {
      for (; sent < upTo; ) {
        const text: string[] = [];
        for (let n = 0; n < events / batches; n += 1, sent += 1) {
          const line = lines[sent % lines.length] ?? "";
          const cycle = Math.floor(sent / lines.length)
            .toString(16)
            .padStart(12, "0");
          text.push(
            line
              .replace(/"event_id":"(.{24}).{12}"/, `"event_id":"$1${sent.toString(16).padStart(12, "0")}"`)
              .replace(/"run_id":"(.{24}).{12}"/, `"run_id":"$1${cycle}"`),
          );
        }
        appendFileSync(
          join(home.events, `${Math.floor(sent / 50_000)}_runtime.jsonl`),
          `${text.join("\n")}\n`,
        );
        for (let n = 0; n < questions / batches; n += 1, asked += 1) {
          if (asked % 3 === 0) await ask("get_cell_runs", { order: "slowest", limit: 20 });
          else if (asked % 3 === 1) await ask("get_performance", { group_by: "cell" });
          else
            await ask("query_memories", { sql_query: "SELECT status, count(*) FROM cell_runs GROUP BY ALL" });
        }
      }
      for (;;) {
        const { ingest } = (await ask("get_status", {})) as { ingest: { events: number } };
        if (ingest.events >= upTo) break;
      }
      await rest(long ? 15_000 : 6_000);
    };
    await run(events / 5);
    const before = privateMb(pid);
    await run(events);
    const after = privateMb(pid);
    process.stderr.write(
      `private memory ${before.toFixed(1)} MB after a fifth, ${after.toFixed(1)} MB at the end\n`,
    );
    expect(after).toBeLessThan(before * within);
  },
);
