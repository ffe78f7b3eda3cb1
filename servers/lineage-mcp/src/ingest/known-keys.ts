import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableName } from "../store/schema.ts";

const keyed: readonly TableName[] = [
  "runtime_events",
  "ol_events",
  "dataframe_lineage_events",
  "schemas",
  "bindings",
];

/** Those of the keys whose events are here. */
export async function knownKeys(connection: DuckDBConnection, keys: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = 0; at < keys.length; at += 1_000) {
    const list = keys
      .slice(at, at + 1_000)
      .map((key) => `'${key.replaceAll("'", "''")}'`)
      .join(",");
    for (const table of keyed) {
      const rows = await connection.runAndReadAll(
        `SELECT event_key FROM ${table} WHERE event_key IN (${list})`,
      );
      for (const [key] of rows.getRows()) found.add(String(key));
    }
  }
  return found;
}
