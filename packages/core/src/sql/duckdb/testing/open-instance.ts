import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Fixture } from "./fixture.ts";

/** The fixture's file opened with every door open: writable, external access, nothing locked. Wall 1 stands alone. */
export interface OpenInstance {
  readonly connection: DuckDBConnection;
  /** At most `max` rows as JSON text. */
  rows(sql: string, max: number): Promise<string>;
  /** What statements can change, as one text to compare. */
  effects(): Promise<string>;
  close(): void;
}

const watched = `
SELECT 'setting', name, value FROM duckdb_settings()
  WHERE name NOT IN ('profiling_output', 'random_seed')
UNION ALL SELECT 'extension', extension_name, loaded || ':' || installed FROM duckdb_extensions()
UNION ALL SELECT 'database', database_name, path FROM duckdb_databases()
UNION ALL SELECT 'table', schema_name || '.' || table_name, temporary || ':' || estimated_size || ':' || sql FROM duckdb_tables()
UNION ALL SELECT 'view', schema_name || '.' || view_name, sql FROM duckdb_views() WHERE NOT internal
UNION ALL SELECT 'macro', function_name, macro_definition FROM duckdb_functions() WHERE NOT internal
UNION ALL SELECT 'sequence', sequence_name, last_value::VARCHAR FROM duckdb_sequences()
UNION ALL SELECT 'variable', name, value FROM duckdb_variables()
UNION ALL SELECT 'prepared', name, statement FROM duckdb_prepared_statements()
UNION ALL SELECT 'secret', name, type FROM duckdb_secrets()
ORDER BY ALL`;

export async function openInstance(fixture: Fixture): Promise<OpenInstance> {
  const instance = await DuckDBInstance.create(fixture.db);
  const connection = await instance.connect();
  return {
    connection,
    async rows(sql, max) {
      const reader = await connection.streamAndReadUntil(sql, max);
      return JSON.stringify([reader.columnNames(), reader.getRowsJson()]);
    },
    async effects() {
      const state = (await connection.runAndReadAll(watched)).getRowsJson();
      return JSON.stringify([state, await hashes(fixture.root)]);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export async function hashes(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(
      async (file) =>
        `${file} ${createHash("sha256")
          .update(await readFile(file))
          .digest("hex")}`,
    ),
  );
}
