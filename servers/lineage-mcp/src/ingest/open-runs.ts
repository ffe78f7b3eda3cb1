import type { DuckDBConnection } from "@duckdb/node-api";
import type { Micros } from "../store/rows.ts";
import type { Batch, CellRunRow } from "./batch.ts";

export interface Replaced {
  readonly run: string;
  /** When the earlier row says it started, where that is known. */
  readonly startedAt: Micros;
}

/** Which runs are here without their end: nothing has to be searched when an end comes. */
export interface OpenRuns {
  /** The rows to write, and the runs whose earlier row they replace. */
  settle(batch: Batch): { started: CellRunRow[]; ended: CellRunRow[]; replaced: Replaced[] };
  committed(batch: Batch): void;
}

/** Ends that came before their start, which another file holds. */
const maxEarly = 10_000;

export async function readOpenRuns(connection: DuckDBConnection): Promise<OpenRuns> {
  const rows = await connection.runAndReadAll(
    "SELECT run_id, epoch_us(started_at) FROM cell_runs WHERE status = 'running' OR inferred",
  );
  const open = new Map<string, Micros>(
    rows.getRows().map(([run, at]) => [String(run), typeof at === "bigint" ? Number(at) : null]),
  );
  const early = new Set<string>();
  return {
    settle(batch) {
      const replaced: Replaced[] = [];
      for (const run of batch.lone) {
        const row = batch.ended.get(run);
        if (row === undefined || !(open.has(run) || early.has(run))) continue;
        row.started_at = open.get(run) ?? row.started_at;
        replaced.push({ run, startedAt: open.get(run) ?? null });
      }
      const started = [...batch.started].filter(([run]) => !early.has(run)).map(([, row]) => row);
      return { started, ended: [...batch.ended.values()], replaced };
    },
    committed(batch) {
      for (const [run, row] of batch.started) {
        if (!early.delete(run)) open.set(run, row.started_at as Micros);
      }
      for (const run of batch.lone) {
        if (open.delete(run)) continue;
        if (early.size >= maxEarly) early.delete(early.values().next().value ?? "");
        early.add(run);
      }
    },
  };
}
