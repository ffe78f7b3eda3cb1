import { spawn } from "node:child_process";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, quantile } from "../harness/numbers.ts";
import type { Result, Row } from "../harness/result.ts";
import { cellRun, madeOf, runEvent } from "../lineage/events.ts";
import { original } from "../lineage/original.ts";
import { type LineageBench, lineageBench, stored } from "../lineage/server.ts";

const writer = fileURLToPath(new URL("../lineage/writer.ts", import.meta.url));

/** From the line in the file to the answer of a tool. */
export async function lineageIngest(): Promise<Result> {
  const quiet = await cells(200);
  const busy = await underLoad(300);
  const runtime = await backlog("runtime", 100_000);
  const lineage = await backlog("lineage", 10_000);
  const walk = await graph(100_000);
  const theirs = await original(500);
  const row = (measure: string, unit: string, ours: number, more: Partial<Row> = {}): Row => ({
    measure,
    unit,
    lower_is_better: true,
    ours,
    others: {},
    ...more,
  });
  const rate = { lower_is_better: false };
  return {
    title: "lineage-mcp from the line written to the answer",
    rows: [
      row("Terminal event written to answer with it, 200 cells, p50", "ms", quantile(quiet, 0.5), {
        others: theirs === undefined ? {} : { original: theirs.latency_ms },
      }),
      row("… p99", "ms", quantile(quiet, 0.99), { goal: "≤ 100 ms" }),
      row("The same under 10,000 events/s, p50", "ms", quantile(busy, 0.5), { goal: "≤ 10 ms" }),
      row("… p99", "ms", quantile(busy, 0.99), { goal: "≤ 100 ms" }),
      row("Backlog of runtime events", "events/s", runtime.perSecond, {
        ...rate,
        goal: "≥ 100,000 /s",
        others: {
          "raw read_json": runtime.raw,
          ...(theirs === undefined ? {} : { original: theirs.per_second }),
        },
      }),
      row("Backlog of OpenLineage events of 4 KB", "events/s", lineage.perSecond, {
        ...rate,
        goal: "≥ 10,000 /s",
        others: { "raw read_json": lineage.raw },
      }),
      row("get_lineage, depth 10, among 100,000 edges with cycles", "ms", walk, { goal: "≤ 100 ms" }),
    ],
  };
}

/** One cell after another ends; the answer that shows it comes so many milliseconds later. */
async function cells(count: number): Promise<number[]> {
  const bench = await lineageBench();
  try {
    return await answers(bench, count, 20);
  } finally {
    await bench.close();
  }
}

async function underLoad(count: number): Promise<number[]> {
  const bench = await lineageBench();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", writer, join(bench.events, "load_runtime.jsonl"), "10000"],
    { stdio: "inherit" },
  );
  try {
    await stored(bench, 20_000);
    return await answers(bench, count, 30);
  } finally {
    child.kill("SIGKILL");
    await bench.close();
  }
}

async function answers(bench: LineageBench, count: number, pauseMs: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const cell = `cell_${n}`;
    const [start, end] = cellRun("0000000c", n, cell);
    appendFileSync(join(bench.events, "probe_runtime.jsonl"), `${start}\n`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const written = performance.now();
    appendFileSync(join(bench.events, "probe_runtime.jsonl"), `${end}\n`);
    for (;;) {
      const { total } = await bench.ask<{ total: number }>("get_cell_runs", { cell, status: "completed" });
      if (total === 1) break;
    }
    times.push(performance.now() - written);
  }
  return times;
}

async function backlog(
  kind: "runtime" | "lineage",
  count: number,
): Promise<{ perSecond: number; raw: number }> {
  const rates: number[] = [];
  const raws: number[] = [];
  const lines =
    kind === "runtime"
      ? Array.from({ length: count / 2 }, (_, n) => cellRun("0000000d", n)).flat()
      : Array.from({ length: count }, (_, n) => runEvent("0000000e", n));
  const text = `${lines.join("\n")}\n`;
  for (let round = 0; round < 3; round += 1) {
    const bench = await lineageBench();
    const waiting = join(bench.events, "..", "waiting");
    writeFileSync(waiting, text);
    raws.push(count / (await rawSeconds(waiting)));
    await bench.ask("get_status");
    const started = performance.now();
    renameSync(waiting, join(bench.events, `backlog_${kind}.jsonl`));
    await stored(bench, count);
    rates.push((count / (performance.now() - started)) * 1_000);
    await bench.close();
  }
  return { perSecond: median(rates), raw: median(raws) };
}

/** The engine's own reader into a table, nothing checked and nothing taken apart. */
async function rawSeconds(file: string): Promise<number> {
  const require = createRequire(new URL("../../../servers/lineage-mcp/package.json", import.meta.url));
  const api = require("@duckdb/node-api") as {
    DuckDBInstance: {
      create(path: string): Promise<{
        connect(): Promise<{ run(sql: string): Promise<unknown>; closeSync(): void }>;
        closeSync(): void;
      }>;
    };
  };
  const instance = await api.DuckDBInstance.create(
    join(tmpdir(), `bench-raw-${process.pid}-${Date.now()}.duckdb`),
  );
  const connection = await instance.connect();
  const started = performance.now();
  await connection.run(
    `CREATE TABLE raw AS SELECT * FROM read_json('${file}', format = 'newline_delimited')`,
  );
  const seconds = (performance.now() - started) / 1_000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

/** 10,000 files, ten inputs each, among them later ones: there are cycles. */
async function graph(edges: number): Promise<number> {
  const bench = await lineageBench();
  const nodes = edges / 10;
  const name = (n: number) => `file_${((n % nodes) + nodes) % nodes}`;
  const lines = Array.from({ length: nodes }, (_, n) =>
    madeOf(
      "0000000a",
      n,
      name(n),
      Array.from({ length: 10 }, (_, step) => name(n - 1 - step * step + (step === 9 ? 200 : 0))),
    ),
  );
  try {
    writeFileSync(join(bench.events, "graph_lineage.jsonl"), `${lines.join("\n")}\n`);
    await stored(bench, nodes);
    const times: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const started = performance.now();
      await bench.ask("get_lineage", { node: name(5_000 + round * 7), depth: 10, limit: 100 });
      times.push(performance.now() - started);
    }
    return median(times);
  } finally {
    await bench.close();
  }
}
