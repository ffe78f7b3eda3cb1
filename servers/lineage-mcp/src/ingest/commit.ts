import type { DuckDBConnection } from "@duckdb/node-api";
import type { DuckApi } from "../store/open.ts";
import type { Value } from "../store/rows.ts";
import type { Batch } from "./batch.ts";

export interface Offset {
  readonly path: string;
  readonly key: string;
  readonly offset: number;
  readonly line: number;
}

/** Rows and the position they were read up to become visible together, or not at all. */
export async function commitBatch(
  api: DuckApi,
  connection: DuckDBConnection,
  batch: Batch,
  offset: Offset,
): Promise<void> {
  const { rows } = batch;
  for (const row of batch.newDatasets.values()) rows.add("datasets", row);
  for (const edge of batch.columnEdges) rows.add("column_edges", edge);
  for (const edge of batch.datasetEdges) rows.add("dataset_edges", edge);
  for (const row of batch.started.values()) rows.add("cell_runs", row);
  await connection.run("BEGIN");
  try {
    const kept = await openRuns(connection, [...batch.ended.keys()]);
    for (const [run, row] of batch.ended) {
      const started = kept.get(run);
      rows.add("cell_runs", started === undefined ? row : { ...row, started_at: started as Value });
    }
    if (kept.size > 0)
      await connection.run(`DELETE FROM cell_runs WHERE run_id IN (${list([...kept.keys()])})`);
    rows.add("ingest_offsets", {
      path: offset.path,
      file_key: offset.key,
      byte_offset: offset.offset,
      line_no: offset.line,
      updated_at: BigInt(Date.now()) * 1000n,
    });
    await connection.run(`DELETE FROM ingest_offsets WHERE path IN (${list([offset.path])})`);
    await rows.flush(api, connection);
    for (const [session, at] of batch.endedSessions) {
      await connection.run(
        `UPDATE sessions SET ended_at = make_timestamp(${at ?? 0n}), end_reason = 'ended' WHERE session_uuid IN (${list([session])})`,
      );
    }
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Start times, in microseconds, of runs that are here as running. */
async function openRuns(
  connection: DuckDBConnection,
  runs: readonly string[],
): Promise<Map<string, bigint | null>> {
  const found = new Map<string, bigint | null>();
  for (let at = 0; at < runs.length; at += 1_000) {
    const rows = await connection.runAndReadAll(
      `SELECT run_id, epoch_us(started_at) FROM cell_runs WHERE run_id IN (${list(runs.slice(at, at + 1_000))})`,
    );
    for (const [run, started] of rows.getRows())
      found.set(String(run), typeof started === "bigint" ? started : null);
  }
  return found;
}

function list(values: readonly string[]): string {
  return values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
}
