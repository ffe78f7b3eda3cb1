import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jqData } from "../contenders/jq-data.ts";
import { findJq } from "../contenders/jq-native.ts";
import { median } from "../harness/numbers.ts";
import type { Result, Row } from "../harness/result.ts";

const rounds = 7;
const bytes = 100e6;
const works = {
  each: {
    program: "select(.id % 50000 == 7) | .name",
    flags: [],
    sql: "SELECT name FROM rows WHERE id % 50000 = 7",
  },
  reduce: {
    program: "reduce inputs as $x (0; . + $x.price)",
    flags: ["-n"],
    sql: "SELECT sum(price) FROM rows",
  },
} as const;
type Mode = keyof typeof works;
const modes = ["each", "reduce"] as const;

interface Sample {
  readonly ms: number;
  readonly mb: number;
}

/** One array of 100 MB, asked for a few elements and for a sum. */
export async function jqBig(): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "bench-jq-big-"));
  const files = { array: join(folder, "rows.json"), lines: join(folder, "presplit.ndjson") };
  const count = writeRows(files);
  writeFileSync(join(folder, "small.json"), "1");
  const jq = findJq();
  const samples = new Map<string, Sample[]>();
  const note = (name: string, sample: Sample) => samples.set(name, [...(samples.get(name) ?? []), sample]);
  const duckdb = fileURLToPath(new URL("../contenders/duckdb-run.ts", import.meta.url));

  for (let round = 0; round < rounds; round += 1) {
    await ours("wasm", {});
    if (jq !== undefined) await ours("native", { native_path: jq.path, native_allow_old: true });
    for (const mode of modes) {
      if (jq !== undefined) note(`jq ${mode}`, plainJq(jq.path, mode));
      const sql = `WITH rows AS (SELECT * FROM read_json('${files.array}', format = 'array')) ${works[mode].sql}`;
      const told = execFileSync(process.execPath, ["--import", "tsx", duckdb, sql], { encoding: "utf8" });
      const { ms, peakMb } = JSON.parse(told);
      note(`duckdb ${mode}`, { ms, mb: peakMb });
    }
  }
  rmSync(folder, { recursive: true, force: true });

  async function ours(name: string, engine: object): Promise<void> {
    const server = await jqData(folder, engine);
    try {
      // The engine has started; the data has been read by nobody.
      await server.query({ dataset: "small", program: "1" });
      for (const mode of modes) {
        const { program } = works[mode];
        const started = performance.now();
        const values = await server.query({ dataset: "rows", program, input_mode: mode });
        const ms = performance.now() - started;
        check(mode, values);
        note(`${name} ${mode}`, { ms, mb: peakOf(server.client.pid) });
      }
    } finally {
      await server.close();
    }
  }
  function plainJq(path: string, mode: Mode): Sample {
    const { flags, program } = works[mode];
    const started = performance.now();
    const output = execFileSync(path, ["-c", ...flags, program, files.lines], { encoding: "utf8" });
    const ms = performance.now() - started;
    check(
      mode,
      output
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
    return { ms, mb: 0 };
  }
  function check(mode: Mode, values: readonly unknown[]): void {
    const expected =
      mode === "each"
        ? Array.from({ length: Math.ceil((count - 7) / 50_000) }, (_, i) => `record number ${i * 50_000 + 7}`)
        : [Array.from({ length: count }, (_, i) => i % 900).reduce((sum, price) => sum + price, 0)];
    if (JSON.stringify(values) !== JSON.stringify(expected)) throw new Error(`a wrong answer: ${values}`);
  }

  const of = (name: string, field: keyof Sample) =>
    median((samples.get(name) ?? []).map((sample) => sample[field]));
  const native = `jq ${jq?.version} on pre-split lines`;
  const row = (measure: string, engine: string, mode: Mode, goal: string): Row => ({
    measure,
    unit: "s",
    lower_is_better: true,
    ours: of(`${engine} ${mode}`, "ms") / 1_000,
    others: {
      ...(jq === undefined ? {} : { [native]: of(`jq ${mode}`, "ms") / 1_000 }),
      DuckDB: of(`duckdb ${mode}`, "ms") / 1_000,
    },
    goal,
  });
  const memory = (measure: string, engine: string, mode: Mode, goal?: string): Row => ({
    measure,
    unit: "MB",
    lower_is_better: true,
    ours: of(`${engine} ${mode}`, "mb"),
    others: { DuckDB: of(`duckdb ${mode}`, "mb") },
    ...(goal === undefined ? {} : { goal }),
  });
  return {
    title: `jq-data-mcp on an array of 100 MB, the whole server over stdio${jq === undefined ? "; there is no native jq here" : ""}`,
    rows: [
      row("Built-in jq, each", "wasm", "each", "≤ 4 s"),
      row("Built-in jq, reduce", "wasm", "reduce", "≤ 4 s"),
      ...(jq === undefined
        ? []
        : [
            row(`Native jq ${jq.version}, each`, "native", "each", "≤ 1.5× native jq on pre-split lines"),
            row(`Native jq ${jq.version}, reduce`, "native", "reduce", "≤ 1.5× native jq on pre-split lines"),
          ]),
      memory("Peak memory of the server, built-in jq, after both", "wasm", "reduce", "≤ 150 MB"),
    ],
  };
}

/** The same records as one array and as lines; how many there are. */
function writeRows({ array, lines }: { array: string; lines: string }): number {
  const [one, many] = [openSync(array, "w"), openSync(lines, "w")];
  let written = 0;
  let id = 0;
  while (written < bytes) {
    const rows = Array.from({ length: 1_000 }, () => {
      const row = {
        id,
        name: `record number ${id}`,
        price: id % 900,
        tags: ["a", "b"],
        at: { day: id % 28, city: "Köln" },
      };
      id += 1;
      return JSON.stringify(row);
    });
    written += writeSync(one, `${written === 0 ? "[" : ","}${rows.join(",")}`);
    writeSync(many, `${rows.join("\n")}\n`);
  }
  writeSync(one, "]");
  closeSync(one);
  closeSync(many);
  return id;
}

function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}
