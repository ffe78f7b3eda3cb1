import type { DuckDBConnection } from "@duckdb/node-api";
import type { DuckApi } from "../store/open.ts";
import type { Batch } from "./batch.ts";
import type { OpenRuns } from "./open-runs.ts";

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
  open: OpenRuns,
  offset: Offset,
): Promise<void> {
  const { rows } = batch;
  for (const row of batch.newDatasets.values()) rows.add("datasets", row);
  for (const edge of batch.columnEdges) rows.add("column_edges", edge);
  for (const edge of batch.datasetEdges) rows.add("dataset_edges", edge);
  const { started, ended, replaced } = open.settle(batch);
  for (const row of started) rows.add("cell_runs", row);
  for (const row of ended) rows.add("cell_runs", row);
  await connection.run("BEGIN");
  try {
    if (replaced.length > 0)
      await connection.run(`DELETE FROM cell_runs WHERE run_id IN (${list(replaced)})`);
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
    open.committed(batch);
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function list(values: readonly string[]): string {
  return values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ");
}
