import type { DuckDBConnection } from "@duckdb/node-api";
import { tables } from "./schema.ts";

const columns = Object.entries(tables).flatMap(([table, kinds]) =>
  Object.entries(kinds).map(([name, kind]) => ({
    table,
    name,
    isText: kind === "VARCHAR" || kind === "JSON",
  })),
);
const known = new Set<string>(columns.map(({ name }) => name));

/** An upper bound of the length of what the columns of these names hold, in any table; of all columns without names. */
export async function longestText(
  connection: DuckDBConnection,
  names: ReadonlySet<string> | undefined,
): Promise<number> {
  const wanted = names === undefined || (await ofViews(connection, names)) ? known : names;
  const asked = columns
    .filter(({ name, isText }) => isText && wanted.has(name))
    .map(({ table, name }) => `(SELECT stats("${name}") FROM ${table} LIMIT 1)`);
  if (asked.length === 0) return 0;
  const found = await connection.runAndReadAll(`SELECT unnest([${asked.join(", ")}])`);
  const lengths = found
    .getRows()
    .map(([text]) => Number(/Max String Length: (\d+)/.exec(String(text))?.[1] ?? 0));
  return Math.max(0, ...lengths);
}

/** Views have columns of their own, made of others. */
async function ofViews(connection: DuckDBConnection, names: ReadonlySet<string>): Promise<boolean> {
  const unknown = [...names]
    .filter((name) => !known.has(name))
    .map((name) => `'${name.replaceAll("'", "''")}'`);
  if (unknown.length === 0) return false;
  const rows = await connection.runAndReadAll(
    `SELECT count(*)::INTEGER FROM duckdb_columns() WHERE NOT internal AND lower(column_name) IN (${unknown.join(", ")})`,
  );
  return rows.getRows()[0]?.[0] !== 0;
}
