import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ToolError } from "@mcp-data/core";
import Libsql from "libsql";

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
export function openDatabase(path: string): Database {
  const raw = open(path);
  raw.exec("PRAGMA journal_mode=WAL");
  raw.exec("PRAGMA synchronous=NORMAL");
  raw.exec("PRAGMA busy_timeout=5000");
  raw.exec("PRAGMA foreign_keys=ON");
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
      raw.exec(sql);
    },
    run(sql, ...values) {
      generation += 1;
      return statement(sql).run(values).changes;
    },
    get: <T>(sql: string, ...values: Value[]) => clean(statement(sql).get(values)) as T | undefined,
    all: <T>(sql: string, ...values: Value[]) => statement(sql).all(values).map(clean) as T[],
    transaction(work) {
      if (inside) return work();
      raw.exec("BEGIN IMMEDIATE");
      inside = true;
      try {
        const result = work();
        raw.exec("COMMIT");
        return result;
      } catch (error) {
        raw.exec("ROLLBACK");
        undone += 1;
        generation += 1;
        throw error;
      } finally {
        inside = false;
      }
    },
    copyTo: (target) => void raw.exec(`VACUUM INTO '${target.replaceAll("'", "''")}'`),
    close() {
      prepared.clear();
      raw.close();
    },
  };
}

function open(path: string): Libsql.Database {
  try {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
    return new Libsql(path);
  } catch (error) {
    throw new ToolError("CONFIG_ERROR", "The database cannot be opened.", {
      hint: "Check database: the folder must exist or be creatable, and be writable.",
      cause: error,
    });
  }
}

/** The binding adds a key of its own to single rows. */
function clean(row: Row | undefined): Row | undefined {
  if (row === undefined) return undefined;
  const { _metadata, ...own } = row;
  return own;
}
