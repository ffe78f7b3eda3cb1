import type { DuckDBConnection } from "@duckdb/node-api";
import type { Parsed, SqlParser } from "./parser.ts";

type Api = typeof import("@duckdb/node-api");

/** Longest syntax tree handed out; a 64 KB text stays below it unless it is made of one-letter items. */
const maxTreeChars = 8_000_000;

export interface EngineParser extends SqlParser {
  close(): void;
}

/** An empty, locked in-memory instance: texts are parsed with the engine's grammar, and nothing is there to bind to. */
export async function openEngineParser(api: Api): Promise<EngineParser> {
  const instance = await api.DuckDBInstance.create(":memory:", {
    access_mode: "AUTOMATIC",
    threads: "1",
    memory_limit: "512MB",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    enable_external_access: "false",
  });
  const connection = await instance.connect();
  await connection.run("SET temp_directory = ''").catch(() => undefined);
  await connection.run("SET lock_configuration = true");
  const serialize = await connection.prepare(
    "SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)",
  );
  let last: Promise<unknown> = Promise.resolve();

  async function parseNow(sql: string): Promise<Parsed> {
    const statements = await countStatements(connection, sql);
    if (typeof statements === "object") return statements;
    serialize.bindVarchar(1, sql);
    const chunk = await (await serialize.run()).fetchChunk();
    const json = chunk?.getColumnVector(0).getItem(0);
    if (typeof json !== "string") return { ok: false, message: "The parser gave no answer." };
    if (json.length > maxTreeChars) return { ok: false, message: "The statement has too many parts." };
    const failure = failureOf(json);
    if (failure === undefined) return { ok: true, statements, tree: json };
    return failure.error_type === "not implemented"
      ? { ok: true, statements, tree: undefined }
      : parseFailure(failure.error_message ?? "syntax error", failure.position);
  }

  return {
    // One connection, one prepared statement: one text at a time.
    parse(sql) {
      const next = last.then(() => parseNow(sql));
      last = next.catch(() => undefined);
      return next;
    },
    close() {
      serialize.destroySync();
      connection.closeSync();
      instance.closeSync();
    },
  };
}

interface SerializeFailure {
  readonly error?: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
}

function failureOf(json: string): SerializeFailure | undefined {
  if (!json.startsWith('{"error":true')) return undefined;
  return JSON.parse(json) as SerializeFailure;
}

async function countStatements(connection: DuckDBConnection, sql: string): Promise<number | Parsed> {
  try {
    return (await connection.extractStatements(sql)).count;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A text of comments and semicolons only makes the binding fail without a message of the parser.
    if (!/Error: /.test(message)) return 0;
    return parseFailure(message.replace(/^Failed to extract statements: /, ""));
  }
}

function parseFailure(message: string, position?: string): Parsed {
  const line = message.split("\n")[0] ?? message;
  const clean = line.replace(/^\w+ Error: /, "").slice(0, 300);
  const at = position === undefined ? Number.NaN : Number(position);
  return { ok: false, message: clean, ...(Number.isSafeInteger(at) ? { position: at } : {}) };
}
