import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Logger } from "@mcp-data/core";
import type { Home } from "../data/home.ts";
import { isAlive } from "./alive.ts";

/** Closes runs nobody will end, forgets what is past its time, and compacts. For idle moments. */
export async function maintain(
  connection: DuckDBConnection,
  home: Home,
  retainDays: number | undefined,
  logger: Logger,
): Promise<void> {
  try {
    await closeOrphans(connection);
    if (retainDays !== undefined) await forget(connection, home, retainDays);
    await connection.run("CHECKPOINT");
  } catch (err) {
    logger.warn("maintenance failed; it is tried again when idle", { err });
  }
}

/** Sessions whose process is gone: their open runs were interrupted, as far as anyone can tell. */
async function closeOrphans(connection: DuckDBConnection): Promise<void> {
  const open = await connection.runAndReadAll(
    "SELECT session_uuid, pid FROM sessions WHERE ended_at IS NULL AND pid IS NOT NULL",
  );
  for (const [session, pid] of open.getRows()) {
    if (isAlive(Number(pid))) continue;
    const id = String(session).replaceAll("'", "''");
    await connection.run(
      `UPDATE sessions SET ended_at = now()::TIMESTAMP, end_reason = 'process gone' WHERE session_uuid = '${id}'`,
    );
    await connection.run(
      `UPDATE cell_runs SET status = 'interrupted', inferred = true WHERE session_uuid = '${id}' AND status = 'running'`,
    );
  }
}

async function forget(connection: DuckDBConnection, home: Home, days: number): Promise<void> {
  const before = `now()::TIMESTAMP - INTERVAL '${Math.trunc(days)} days'`;
  await connection.run("BEGIN");
  try {
    for (const [table, column] of [
      ["runtime_events", "timestamp"],
      ["ol_events", "event_time"],
      ["dataframe_lineage_events", "timestamp"],
      ["cell_runs", "started_at"],
      ["dataset_versions", "created_at"],
      ["dataset_edges", "at"],
      ["column_edges", "at"],
      ["bindings", "at"],
      ["dead_letters", "seen_at"],
    ] as const) {
      await connection.run(`DELETE FROM ${table} WHERE "${column}" < ${before}`);
    }
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
  const limit = Date.now() - days * 86_400_000;
  const files = await connection.runAndReadAll("SELECT path, byte_offset FROM ingest_offsets");
  for (const [path, offset] of files.getRows()) {
    const absolute = join(home.events, String(path));
    const stat = statSync(absolute, { throwIfNoEntry: false });
    // Read to its end and not written to since: nothing is lost with it.
    if (stat !== undefined && stat.mtimeMs < limit && stat.size === Number(offset))
      rmSync(absolute, { force: true });
  }
}
