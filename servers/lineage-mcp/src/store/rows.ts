import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import type { DuckApi } from "./open.ts";
import { type TableName, tables } from "./schema.ts";

/** Microseconds since the epoch; null for what is no time. */
export type Micros = bigint | null;
export type Value = string | number | bigint | boolean | null | undefined;
/** Rows waiting for one commit, by table. */
export class Rows {
  readonly #of = new Map<TableName, Value[][]>();

  /** Values by column name; what is not named is NULL. */
  add<T extends TableName>(table: T, values: { readonly [K in keyof (typeof tables)[T]]?: Value }): void {
    let columns = this.#of.get(table);
    if (columns === undefined) {
      columns = Object.keys(tables[table]).map(() => []);
      this.#of.set(table, columns);
    }
    let at = 0;
    for (const name in tables[table]) {
      columns[at++]?.push((values as Record<string, Value>)[name]);
    }
  }

  get size(): number {
    let total = 0;
    for (const columns of this.#of.values()) total += columns[0]?.length ?? 0;
    return total;
  }

  /** Appends everything; the caller holds the transaction. */
  async flush(api: DuckApi, connection: DuckDBConnection): Promise<void> {
    for (const [table, columns] of this.#of) {
      const kinds = Object.values(tables[table]);
      const types = kinds.map((kind) => typeOf(api, kind));
      const total = columns[0]?.length ?? 0;
      const appender = await connection.createAppender(table);
      for (let start = 0; start < total; start += 2048) {
        const chunk = api.DuckDBDataChunk.create(types);
        chunk.setColumns(columns.map((values, at) => convert(api, values, kinds[at] ?? "", start)));
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
    }
    this.#of.clear();
  }
}

function typeOf(api: DuckApi, kind: string): DuckDBType {
  if (kind === "INTEGER") return api.INTEGER;
  if (kind === "BIGINT") return api.BIGINT;
  if (kind === "DOUBLE") return api.DOUBLE;
  if (kind === "BOOLEAN") return api.BOOLEAN;
  return kind === "TIMESTAMP" ? api.TIMESTAMP : api.VARCHAR;
}

function convert(api: DuckApi, values: readonly Value[], kind: string, start: number) {
  const part = values.slice(start, start + 2048);
  if (kind === "TIMESTAMP") {
    return part.map((value) => (typeof value === "bigint" ? new api.DuckDBTimestampValue(value) : null));
  }
  if (kind === "BIGINT")
    return part.map((value) => (typeof value === "number" ? BigInt(Math.trunc(value)) : (value ?? null)));
  if (kind === "DOUBLE")
    return part.map((value) => (typeof value === "number" && Number.isFinite(value) ? value : null));
  if (kind === "INTEGER")
    return part.map((value) => (typeof value === "number" ? Math.trunc(value) | 0 : null));
  if (kind === "BOOLEAN") return part.map((value) => (typeof value === "boolean" ? value : null));
  return part.map((value) => (value === undefined || value === null ? null : String(value)));
}

/** ISO text to microseconds, without losing the last three digits. */
export function micros(text: unknown): Micros {
  if (typeof text !== "string") return null;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return null;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  const extra = fraction.length > 3 ? Number(fraction.slice(3, 6).padEnd(3, "0")) : 0;
  return BigInt(ms) * 1000n + BigInt(extra);
}
