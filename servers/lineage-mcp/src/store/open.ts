import { existsSync, renameSync, rmSync } from "node:fs";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { ToolError } from "@mcp-data/core";
import { migrations } from "./schema.ts";

export type DuckApi = typeof import("@duckdb/node-api");

export interface OpenDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** The name a damaged file was moved to, when there was one. */
  readonly setAside?: string;
}

export class DatabaseHeld extends Error {}

const settings = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  // The cache grows up to it and stays. Larger questions go to a file, but for whole sorts of very wide rows: those are refused.
  memory_limit: "128MB",
  max_temp_directory_size: "4GB",
  // Those that are due come from elsewhere; this one stops a commit for as long as it takes.
  checkpoint_threshold: "128MB",
  // A second one would look on while the first works, and take its core from the thread that reads events.
  threads: "1",
  // Many columns, few rows: each column takes blocks of its own.
  default_block_size: "16384",
  // Gives back what a burst of events needed.
  allocator_background_threads: "true",
};

/** Beside the log itself: what was committed during a checkpoint, and both put together. */
const checkpointLogs = ["wal.checkpoint", "wal.recovery"];

/** Opens for this process alone. Throws DatabaseHeld when another has it; a damaged file is set aside and replaced. */
export async function openDatabase(api: DuckApi, path: string): Promise<OpenDatabase> {
  try {
    return await open(api, path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Every checksum is of a block.
    if (/\block on file|being used by another process/i.test(message)) throw new DatabaseHeld(message);
    if (isToolProblem(error) || path === ":memory:" || !existsSync(path)) throw error;
    if (/permission denied|no space|read-only file system/i.test(message)) {
      throw new ToolError("UNAVAILABLE", "The lineage database cannot be opened for writing.", {
        hint: "Make room on its disk and let this user write there, or choose another --data-dir.",
        cause: error,
      });
    }
    const setAside = setAsideDatabase(path);
    return { ...(await open(api, path)), setAside };
  }
}

/** Moves a damaged file away, without its logs; returns its new name. */
export function setAsideDatabase(path: string): string {
  const setAside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  renameSync(path, setAside);
  for (const log of ["wal", ...checkpointLogs]) rmSync(`${path}.${log}`, { force: true, recursive: true });
  return setAside;
}

/** Told by what the engine says of a file whose damage shows only where it is read. */
export function tellsDamage(error: unknown): boolean {
  return error instanceof Error && /corrupt database|does not match stored checksum/i.test(error.message);
}

/** The engine refuses everything from then on, as after a checkpoint the disk had no room for: the file may be whole. */
export function tellsEnd(error: unknown): boolean {
  return error instanceof Error && /database has been invalidated/i.test(error.message);
}

async function open(api: DuckApi, path: string): Promise<OpenDatabase> {
  const instance = await api.DuckDBInstance.create(path, settings);
  // What a checkpoint cut short left has been taken in by now; of a lost log it would wait for the next one cut short.
  if (path !== ":memory:") for (const log of checkpointLogs) rmSync(`${path}.${log}`, { force: true });
  try {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'").catch(() => undefined);
    await migrate(connection);
    for (const setting of ["enable_external_access = false", "lock_configuration = true"]) {
      await connection.run(`SET ${setting}`);
    }
    return { instance, connection };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

async function migrate(connection: DuckDBConnection): Promise<void> {
  const version = await currentVersion(connection);
  if (version > migrations.length) {
    throw new ToolError("CONFIG_ERROR", "The lineage database was made by a newer version.", {
      hint: "Start that version, or choose another --data-dir.",
    });
  }
  for (let at = version; at < migrations.length; at += 1) {
    await connection.run("BEGIN");
    try {
      for (const statement of migrations[at] ?? []) await connection.run(statement);
      await connection.run("DELETE FROM meta WHERE key = 'schema_version'");
      await connection.run(`INSERT INTO meta VALUES ('schema_version', '${at + 1}')`);
      await connection.run("COMMIT");
    } catch (error) {
      await connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }
}

async function currentVersion(connection: DuckDBConnection): Promise<number> {
  const known = await connection.runAndReadAll(
    "SELECT count(*)::INTEGER FROM duckdb_tables() WHERE table_name = 'meta' AND NOT internal",
  );
  if (known.getRowsJson()[0]?.[0] !== 1) return 0;
  const rows = await connection.runAndReadAll("SELECT value FROM meta WHERE key = 'schema_version'");
  return Number(rows.getRowsJson()[0]?.[0] ?? 0);
}

function isToolProblem(error: unknown): boolean {
  return error instanceof ToolError;
}
