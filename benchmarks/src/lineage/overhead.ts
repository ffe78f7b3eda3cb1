import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pythonEnv } from "../../../servers/lineage-mcp/scripts/python-env.mjs";

const program = fileURLToPath(new URL("../../lineage/overhead.py", import.meta.url));
const bootstrap = fileURLToPath(new URL("../../../servers/lineage-mcp/python", import.meta.url));
const runs = process.env.LINEAGE_BENCH_RUNS ?? "7";

export interface Loop {
  readonly rows: number;
  readonly bare_ms: number;
  readonly recorded_ms: number;
  readonly overhead: number;
  readonly us_per_operation: number;
  readonly original_ms?: number;
  readonly original_overhead?: number;
}

export interface Notebook {
  readonly name: string;
  readonly bare_ms: number;
  readonly recorded_ms: number;
  readonly overhead: number;
  readonly cpu_overhead: number;
  readonly same_output: boolean;
}

export interface Overhead {
  readonly loops: readonly Loop[];
  readonly notebooks: readonly Notebook[];
  readonly versions: string;
  readonly original?: Original;
}

/** What the original's own two lines in a notebook came to. */
export interface Original {
  readonly version: string;
  readonly notebook: string;
}

interface Report extends Pick<Overhead, "loops" | "notebooks" | "original"> {
  readonly python: string;
  readonly marimo: string;
  readonly pandas: string;
  readonly polars: string;
}

/** Interleaved runs with and without the recorder, in the newest of the test environments; the original where HUNYO_SOURCE names its checkout. */
export async function overhead(): Promise<Overhead> {
  const { python } = await pythonEnv("newest");
  const source = process.env.HUNYO_SOURCE;
  const { stdout } = await promisify(execFile)(
    python,
    [program, python, bootstrap, "--runs", runs, ...(source === undefined ? [] : ["--original", source])],
    { maxBuffer: 1e8 },
  );
  const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Report;
  const other = report.notebooks.filter(({ same_output }) => !same_output).map(({ name }) => name);
  if (other.length > 0) throw new Error(`recording changed what ${other.join(", ")} printed`);
  return {
    loops: report.loops,
    notebooks: report.notebooks,
    versions: `Python ${report.python}, marimo ${report.marimo}, pandas ${report.pandas}, polars ${report.polars}`,
    ...(report.original === undefined ? {} : { original: report.original }),
  };
}
