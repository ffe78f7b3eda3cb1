import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("./original.py", import.meta.url));

export interface Original {
  readonly per_second: number;
  readonly count: number;
  readonly idle_mb: number;
  /** From an event written to its row, the median of 11. */
  readonly latency_ms: number;
}

/** The original, where its source and a Python with its packages are named: it is on no package index. */
export async function original(count: number): Promise<Original | undefined> {
  const { HUNYO_SOURCE: source, HUNYO_PYTHON: python = "python3" } = process.env;
  if (source === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "bench-original-"));
  try {
    const file = join(folder, "runtime.jsonl");
    writeFileSync(file, Array.from({ length: count }, (_, n) => `${JSON.stringify(event(n))}\n`).join(""));
    const { stdout } = await promisify(execFile)(python, [program, source, file], { maxBuffer: 1e8 });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Original;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of its own version 1. */
function event(n: number): Record<string, unknown> {
  const at = "2025-07-01T10:00:00.000000+00:00";
  const own = { timestamp: at, session_id: "0011aabb", emitted_at: at };
  return {
    event_type: "cell_execution_end",
    execution_id: n.toString(16).padStart(8, "0"),
    cell_id: "Hbol",
    cell_source: "orders = pd.read_csv(data / 'orders.csv')",
    cell_source_lines: 1,
    start_memory_mb: 100.5,
    end_memory_mb: 101.5,
    duration_ms: 12.5,
    ...own,
  };
}
