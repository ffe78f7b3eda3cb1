import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { isToolError, ToolError } from "@mcp-data/core";
import Libsql from "libsql";
import { storeFailure } from "./failures.ts";

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** The SQLite binding, behind what the stores need of it. */
export interface Database {
  readonly path: string;
  exec(sql: string): void;
  run(sql: string, ...values: Value[]): number;
  get<T = Row>(sql: string, ...values: Value[]): T | undefined;
  all<T = Row>(sql: string, ...values: Value[]): T[];
  /** Transactions of this connection that were undone: what was read inside one may never have been. */
  readonly undone: number;
  /**
   * Grows whenever something may have been written: at once when it was this connection, within 20 ms when it was
   * another process. Costs nothing where nothing happens.
   */
  generation(): number;
  /** All or nothing; a transaction inside one joins it. */
  transaction<T>(work: () => T): T;
  /** A consistent copy in a file that does not exist yet. */
  copyTo(path: string): void;
  close(): void;
}

/** Values go in as one list: the binding takes a single null for a list that is missing. */
interface Statement {
  run(values: Value[]): { changes: number };
  get(values: Value[]): Row | undefined;
  all(values: Value[]): Row[];
}

const othersEveryMs = 20;

/** Write-ahead log, so that readers and the writer do not wait for each other; several processes may share the file. */
export function openDatabase(path: string, busyMs = 5_000): Database {
  const raw = open(path, busyMs);
  const prepared = new Map<string, Statement>();
  let inside = false;
  let undone = 0;
  let generation = 0;
  let othersVersion: unknown;
  let lookedAt = 0;

  const statement = (sql: string): Statement => {
    let found = prepared.get(sql);
    if (found === undefined) {
      found = raw.prepare(sql) as unknown as Statement;
      prepared.set(sql, found);
    }
    return found;
  };
  return {
    path,
    get undone() {
      return undone;
    },
    generation() {
      const now = performance.now();
      if (now - lookedAt < othersEveryMs) return generation;
      lookedAt = now;
      const version = statement("PRAGMA data_version").get([])?.data_version;
      if (version !== othersVersion) generation += 1;
      othersVersion = version;
      return generation;
    },
    exec(sql) {
      generation += 1;
      explained(() => raw.exec(sql));
    },
    run(sql, ...values) {
      generation += 1;
      return explained(() => statement(sql).run(values).changes);
    },
    get: <T>(sql: string, ...values: Value[]) =>
      clean(explained(() => statement(sql).get(values))) as T | undefined,
    all: <T>(sql: string, ...values: Value[]) =>
      explained(() => statement(sql).all(values)).map(clean) as T[],
    transaction(work) {
      if (inside) return work();
      explained(() => raw.exec("BEGIN IMMEDIATE"));
      inside = true;
      try {
        const result = work();
        explained(() => raw.exec("COMMIT"));
        return result;
      } catch (error) {
        // A full or failing disk has ended it already.
        if (raw.inTransaction) raw.exec("ROLLBACK");
        undone += 1;
        generation += 1;
        throw error;
      } finally {
        inside = false;
      }
    },
    copyTo: (target) => explained(() => void raw.exec(`VACUUM INTO '${target.replaceAll("'", "''")}'`)),
    close() {
      prepared.clear();
      if (raw.open) foldLog(raw);
      raw.close();
    },
  };
}

function open(path: string, busyMs: number): Libsql.Database {
  try {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
    const raw = new Libsql(path);
    raw.exec(`PRAGMA busy_timeout=${busyMs}`);
    raw.exec("PRAGMA journal_mode=WAL");
    raw.exec("PRAGMA synchronous=NORMAL");
    raw.exec("PRAGMA foreign_keys=ON");
    return raw;
  } catch (error) {
    const failure = storeFailure(error, `database: ${path}`);
    if (isToolError(failure)) throw failure;
    throw new ToolError("CONFIG_ERROR", `database: ${path} cannot be opened.`, {
      hint: "Its folder must exist or be creatable, and be writable.",
      cause: error,
    });
  }
}

/** So that the file alone is the whole library: the binding leaves the log behind. Nobody is waited for. */
function foldLog(raw: Libsql.Database): void {
  try {
    raw.prepare("PRAGMA busy_timeout=0").all([]);
    raw.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all([]);
  } catch {
    // Whoever opens the file next reads the log.
  }
}

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeFailure(error);
  }
}

/** The binding adds a key of its own to single rows. */
function clean(row: Row | undefined): Row | undefined {
  if (row === undefined) return undefined;
  const { _metadata, ...own } = row;
  return own;
}
