import type {
  DuckDBConnection,
  DuckDBInstance,
  DuckDBPreparedStatement,
  DuckDBResult,
} from "@duckdb/node-api";
import { ToolError } from "../../error/tool-error.ts";
import type { VerdictReason } from "../verdict.ts";
import { createCellReader } from "./cells.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { engineFailure } from "./engine-failure.ts";
import { bindParams } from "./params.ts";
import type { EngineCaps, FileView, LockedSource, OpenInfo, RunRequest, RunResult } from "./protocol.ts";
import { createRowWindow } from "./row-window.ts";

type Api = typeof import("@duckdb/node-api");

export interface LockedInstance {
  readonly info: OpenInfo;
  /** A fresh session; close it after one statement. */
  session(): Promise<LockedSession>;
  close(): void;
}

export interface LockedSession {
  readonly connection: DuckDBConnection;
  /** Runs one prepared SELECT. Wall 3: holds whatever the text gate said. */
  run(request: RunRequest): Promise<RunResult>;
  /** The plan as JSON; the text must be one SELECT by itself. */
  explain(request: RunRequest, analyze: boolean): Promise<string>;
  interrupt(): void;
  close(): void;
}

/**
 * Opens a source with nothing else in reach: a file read-only, or an in-memory database of views over exactly the
 * listed files. External access is off and the configuration locked before any caller's text arrives.
 */
export async function openLocked(api: Api, source: LockedSource, caps: EngineCaps): Promise<LockedInstance> {
  const instance = await api.DuckDBInstance.create(source.kind === "file" ? source.path : ":memory:", {
    ...(source.kind === "file" ? { access_mode: "READ_ONLY" } : {}),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    memory_limit: caps.memoryLimit,
    threads: String(caps.threads),
  });
  try {
    return await lock(api, instance, source, caps);
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

async function lock(
  api: Api,
  instance: DuckDBInstance,
  source: LockedSource,
  caps: EngineCaps,
): Promise<LockedInstance> {
  const connection = await instance.connect();
  const failed = source.kind === "views" ? await createViews(connection, source) : [];
  const settings = [
    `temp_directory = ${literal(caps.tempDirectory)}`,
    `max_temp_directory_size = ${literal(caps.maxTempSize)}`,
    ...(source.kind === "views" ? [`allowed_paths = [${source.files.map(literal).join(", ")}]`] : []),
    "enable_external_access = false",
    "lock_configuration = true",
  ];
  for (const setting of settings) {
    await connection.run(`SET ${setting}`);
  }
  const [[database] = []] = (await connection.runAndReadAll("SELECT current_database()")).getRowsJson();
  connection.closeSync();
  return {
    info: { database: String(database), failed },
    session: async () => session(api, await instance.connect()),
    close: () => {
      instance.closeSync();
      // What the binding handed out may still hold the file open until it is collected.
      collectGarbage();
    },
  };
}

/** A file that cannot be read costs its view, not the source. */
async function createViews(
  connection: DuckDBConnection,
  { views, files }: { readonly views: readonly FileView[]; readonly files: readonly string[] },
): Promise<OpenInfo["failed"]> {
  const failed: { name: string; message: string }[] = [];
  for (const { name, select } of views) {
    try {
      await connection.run(`CREATE VIEW ${identifier(name)} AS ${select}`);
    } catch (error) {
      failed.push({ name, message: engineFailure(error, files).message });
    }
  }
  return failed;
}

function session(api: Api, connection: DuckDBConnection): LockedSession {
  async function prepareSelect(request: RunRequest): Promise<DuckDBPreparedStatement> {
    if (request.searchPath.length > 0 && request.searchPath.join() !== "main") {
      await connection.run(`SET search_path = ${literal(request.searchPath.map(identifier).join(","))}`);
    }
    const prepared = await prepareOne(connection, request.sql);
    if (prepared.statementType === api.StatementType.SELECT) return prepared;
    prepared.destroySync();
    throw notOneSelect("Only a SELECT may run here.", "forbidden_statement");
  }

  return {
    connection,
    async run(request) {
      const prepared = await prepareSelect(request);
      try {
        bindParams(api, prepared, request.params);
        const result = await prepared.stream();
        const read = await readRows(api, result, request);
        if (read.truncated) await abandon(result);
        return read;
      } finally {
        prepared.destroySync();
      }
    },
    async explain(request, analyze) {
      (await prepareSelect(request)).destroySync();
      const text = `EXPLAIN (${analyze ? "ANALYZE, " : ""}FORMAT JSON) ${request.sql}`;
      const prepared = await prepareOne(connection, text);
      if (prepared.statementType !== api.StatementType.EXPLAIN)
        throw notOneSelect("Only a SELECT has a plan.", "forbidden_statement");
      bindParams(api, prepared, request.params);
      const rows = (await prepared.runAndReadAll()).getRowsJson();
      prepared.destroySync();
      return String(rows[0]?.[1] ?? "[]");
    },
    interrupt: () => connection.interrupt(),
    close: () => connection.closeSync(),
  };

  /** An open stream keeps the database open, and with it the lock on its file, for as long as the object lives. */
  async function abandon(result: DuckDBResult): Promise<void> {
    connection.interrupt();
    await result.fetchChunk().catch(() => null);
  }
}

async function prepareOne(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1)
    throw notOneSelect(`The text holds ${statements.count} statements; send one.`, "multiple_statements");
  return statements.prepare(0);
}

async function readRows(api: Api, result: DuckDBResult, request: RunRequest): Promise<RunResult> {
  const cells = createCellReader(api, request.maxCellChars);
  const window = createRowWindow(request);
  const width = result.columnCount;
  const types = result.columnTypes();
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const vectors = Array.from({ length: width }, (_, index) => chunk?.getColumnVector(index));
    for (let row = window.skipIn(chunk.rowCount); row < chunk.rowCount && !window.full; row++) {
      if (
        !window.offer(() =>
          vectors.map((vector, column) =>
            vector === undefined ? null : cells.read(vector, row, column, types[column]),
          ),
        )
      )
        break;
    }
    if (window.full) break;
  }
  return {
    columns: result.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
    rows: window.rows,
    truncated: window.truncated,
    stoppedAtBytes: window.stoppedAtBytes,
    cutCells: cells.cuts(width),
  };
}

/** By the engine's own count and statement type, before anything runs. */
function notOneSelect(message: string, reason: VerdictReason): ToolError {
  return new ToolError("VALIDATION_ERROR", message, { details: { reason } });
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
