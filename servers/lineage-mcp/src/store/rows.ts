import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import type { DuckApi } from "./open.ts";
import type { PackedWriter } from "./packed.ts";
import { type TableName, tables } from "./schema.ts";
import { bigint, type Value } from "./value.ts";

/** Microseconds since the epoch; null for what is no time. */
export type Micros = number | null;

const names = Object.fromEntries(
  Object.entries(tables).map(([table, columns]) => [table, Object.keys(columns)]),
) as unknown as Record<TableName, readonly string[]>;

/** Whose texts are anybody's, or long JSON which the engine would read only to believe it. */
const byValue: ReadonlySet<TableName> = new Set(["ol_events", "dead_letters", "ingest_offsets"]);

/** Rows waiting for one commit, by table. */
export class Rows {
  readonly #of = new Map<TableName, Value[][]>();

  /** Values by column name; what is not named is NULL. */
  add<T extends TableName>(table: T, values: { readonly [K in keyof (typeof tables)[T]]?: Value }): void {
    let columns = this.#of.get(table);
    if (columns === undefined) {
      columns = names[table].map(() => []);
      this.#of.set(table, columns);
    }
    let at = 0;
    for (const name of names[table]) {
      const value = (values as Record<string, Value>)[name];
      const column = columns[at++] as Value[];
      const before = column[column.length - 1];
      // The same text as before is not kept twice: most columns have few different ones.
      column.push(value === before ? before : value);
    }
  }

  get size(): number {
    let total = 0;
    for (const columns of this.#of.values()) total += columns[0]?.length ?? 0;
    return total;
  }

  /** Writes everything, value by value where no packed writer may take it; the caller holds the transaction. */
  async write(api: DuckApi, connection: DuckDBConnection, packed?: PackedWriter): Promise<void> {
    for (const [table, columns] of this.#of) {
      if (packed !== undefined && !byValue.has(table)) await packed.insert(table, columns);
      else await append(api, connection, table, columns);
    }
  }
}

async function append(
  api: DuckApi,
  connection: DuckDBConnection,
  table: TableName,
  columns: readonly (readonly Value[])[],
): Promise<void> {
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
    return part.map((value) => {
      const micros = bigint(value);
      return micros === null ? null : new api.DuckDBTimestampValue(micros);
    });
  }
  if (kind === "BIGINT") return part.map(bigint);
  if (kind === "DOUBLE")
    return part.map((value) => (typeof value === "number" && Number.isFinite(value) ? value : null));
  if (kind === "INTEGER")
    return part.map((value) => (typeof value === "number" ? Math.trunc(value) | 0 : null));
  if (kind === "BOOLEAN") return part.map((value) => (typeof value === "boolean" ? value : null));
  return part.map((value) => (value === undefined || value === null ? null : String(value)));
}

/** ISO text to microseconds; their last digits are exact until the year 2255. */
export function micros(text: unknown): Micros {
  if (typeof text !== "string") return null;
  const ms = utcSecond(text) ?? Date.parse(text);
  if (Number.isNaN(ms)) return null;
  const whole = ms - (((ms % 1000) + 1000) % 1000);
  let at = text.indexOf(".") + 1;
  if (at === 0) return ms * 1000;
  let fraction = 0;
  for (let place = 100_000; place >= 1; place /= 10, at += 1) {
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) break;
    fraction += digit * place;
  }
  return whole * 1000 + fraction;
}

const zero = 48;
const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Milliseconds of the whole second, of a time in UTC as recorders write it; undefined for any other text. */
function utcSecond(text: string): number | undefined {
  if (!(text.endsWith("Z") || text.endsWith("+00:00")) || text.charCodeAt(10) !== 84) return undefined;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  const past = month > 2 ? year : year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 477;
  const days = (year - 1970) * 365 + leaps + (daysBefore[month - 1] ?? 0) + day - 1;
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

/** NaN where there are no two digits. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const ones = text.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
