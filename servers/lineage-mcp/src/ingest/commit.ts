import type { DuckDBConnection } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";
import type { DuckApi } from "../store/open.ts";
import type { PackedWriter } from "../store/packed.ts";
import type { Batch } from "./batch.ts";
import type { OpenRuns, Replaced } from "./open-runs.ts";

export interface Store {
  readonly api: DuckApi;
  readonly connection: DuckDBConnection;
  readonly packed: PackedWriter;
  readonly logger: Logger;
}

/** Rows and the positions they were read up to become visible together, or not at all. */
export async function commitBatch(store: Store, batch: Batch, open: OpenRuns): Promise<void> {
  const { rows } = batch;
  for (const row of batch.newDatasets.values()) rows.add("datasets", row);
  for (const edges of batch.columnEdges.values()) for (const edge of edges) rows.add("column_edges", edge);
  for (const edges of batch.datasetEdges.values()) for (const edge of edges) rows.add("dataset_edges", edge);
  const { started, ended, replaced } = open.settle(batch);
  for (const row of started) rows.add("cell_runs", row);
  for (const row of ended) rows.add("cell_runs", row);
  try {
    await write(store, batch, replaced, batch.packable ? store.packed : undefined);
  } catch (err) {
    if (!batch.packable) throw err;
    // Something in it the engine will not take from a text; if it is the disk, this fails as well.
    store.logger.debug("rows are written again, value by value", { err });
    await write(store, batch, replaced, undefined);
  }
  open.committed(batch);
}

async function write(
  { api, connection }: Store,
  batch: Batch,
  replaced: readonly Replaced[],
  packed: PackedWriter | undefined,
): Promise<void> {
  try {
    await connection.run(`BEGIN; ${before(batch, replaced).join("; ")}`);
    await batch.rows.write(api, connection, packed);
    await connection.run(`${after(batch).join(" ")} COMMIT`);
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function before(batch: Batch, replaced: readonly Replaced[]): string[] {
  const paths = [...batch.offsets.keys()];
  const now = BigInt(Date.now()) * 1000n;
  const places = [...batch.offsets].map(
    ([path, { key, offset, line }]) =>
      `(${quoted(path)}, ${quoted(key)}, ${offset}, ${line}, make_timestamp(${now}))`,
  );
  return [
    ...removals(replaced),
    `DELETE FROM ingest_offsets WHERE path IN (${paths.map(quoted)})`,
    `INSERT INTO ingest_offsets (path, file_key, byte_offset, line_no, updated_at) VALUES ${places}`,
  ];
}

/** Between two times the engine looks at few rows; among all of them, at all. */
function removals(replaced: readonly Replaced[]): string[] {
  const timed = replaced.filter(({ startedAt }) => Number.isSafeInteger(startedAt));
  const others = replaced.filter(({ startedAt }) => !Number.isSafeInteger(startedAt));
  const times = timed.map(({ startedAt }) => Number(startedAt)).sort((a, b) => a - b);
  return [
    ...(timed.length > 0
      ? [
          `DELETE FROM cell_runs WHERE started_at BETWEEN make_timestamp(${times[0]}) AND make_timestamp(${times.at(-1)}) AND run_id IN (${named(timed)})`,
        ]
      : []),
    ...(others.length > 0 ? [`DELETE FROM cell_runs WHERE run_id IN (${named(others)})`] : []),
  ];
}

function named(runs: readonly Replaced[]): string {
  return runs.map(({ run }) => quoted(run)).join();
}

function after(batch: Batch): string[] {
  return [...batch.endedSessions].map(
    ([session, at]) =>
      `UPDATE sessions SET ended_at = make_timestamp(${at ?? 0}), end_reason = 'ended' WHERE session_uuid = ${quoted(session)};`,
  );
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
