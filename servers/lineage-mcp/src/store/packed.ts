import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { type TableName, tables } from "./schema.ts";
import { bigint, type Value } from "./value.ts";

export interface PackedWriter {
  /** Many rows by one statement: a column goes over as one text, which the engine takes apart on a thread of its own. */
  insert(table: TableName, columns: readonly (readonly Value[])[]): Promise<void>;
  /** Lets go of the statements kept for the next time. */
  rest(): void;
}

/** Between two values of a column; no value may hold one of them, or a zero byte. */
const separator = "\u001f";
const missing = "\u001e";

/** Of a JSON text: it writes a character that separates here, or the byte that ends a text. */
export function hasSeparator(json: string): boolean {
  return /\\u00(?:00|1[ef])/i.test(json);
}

/** How one column goes over: not at all, as one value for all rows, or as a text of all values. */
type Shape = "none" | "same" | "all" | "empty is null" | "mark is null";

const kept = 16;
/** Fewer rows are not looked at for a shape: each batch would have another, and each shape is a statement to plan. */
const few = 32;

export function createPackedWriter(connection: DuckDBConnection): PackedWriter {
  const statements = new Map<string, DuckDBPreparedStatement>();

  async function statement(table: TableName, shapes: readonly Shape[]): Promise<DuckDBPreparedStatement> {
    const key = `${table} ${shapes.join()}`;
    const known = statements.get(key);
    if (known !== undefined) {
      statements.delete(key);
      statements.set(key, known);
      return known;
    }
    const made = await connection.prepare(insertOf(table, shapes));
    statements.set(key, made);
    const [oldest] = statements;
    if (statements.size > kept && oldest !== undefined) {
      statements.delete(oldest[0]);
      oldest[1].destroySync();
    }
    return made;
  }

  return {
    async insert(table, columns) {
      const kinds = Object.values(tables[table]);
      const packed = columns.map((values, at) => pack(values, kinds[at] ?? "VARCHAR", at === 0));
      const prepared = await statement(
        table,
        packed.map(({ shape }) => shape),
      );
      let parameter = 0;
      for (const { shape, text } of packed) if (shape !== "none") prepared.bindVarchar(++parameter, text);
      await prepared.run();
      prepared.clearBindings();
    },
    rest() {
      for (const prepared of statements.values()) prepared.destroySync();
      statements.clear();
    },
  };
}

/** The texts come from a row, not as constants: those would be taken apart value by value while the statement is planned. */
function insertOf(table: TableName, shapes: readonly Shape[]): string {
  const given: string[] = [];
  const parts: string[] = [];
  const values = Object.values(tables[table]).map((kind, at) => {
    const shape = shapes[at];
    if (shape === "none") return "NULL";
    given.push(`p${at}`);
    if (shape === "same") {
      parts.push(`p${at} AS c${at}`);
      return typed(`c${at}`, kind);
    }
    parts.push(`unnest(string_split(p${at}, chr(${separator.charCodeAt(0)}))) AS c${at}`);
    if (shape === "all") return typed(`c${at}`, kind);
    return typed(
      `nullif(c${at}, ${shape === "empty is null" ? "''" : `chr(${missing.charCodeAt(0)})`})`,
      kind,
    );
  });
  const row = given.map((_, at) => `CAST($${at + 1} AS VARCHAR)`);
  return `INSERT INTO ${table} SELECT ${values.join(", ")} FROM (SELECT ${parts.join(", ")} FROM (VALUES (${row.join(", ")})) AS given (${given.join(", ")}))`;
}

function typed(value: string, kind: string): string {
  if (kind === "TIMESTAMP") return `make_timestamp(CAST(${value} AS BIGINT))`;
  return kind === "VARCHAR" ? value : `CAST(${value} AS ${kind})`;
}

/** `whole`: the rows are counted by this column. */
function pack(given: readonly Value[], kind: string, whole: boolean): { shape: Shape; text: string } {
  const values = plain(given, kind);
  if (values.length < few) return { shape: "mark is null", text: marked(values) };
  const [first] = values;
  let nulls = 0;
  let same = true;
  let empty = false;
  for (const value of values) {
    if (value === null || value === undefined) nulls += 1;
    else if (value === "") empty = true;
    if (value !== first) same = false;
  }
  if (nulls === values.length && !whole) return { shape: "none", text: "" };
  if (same && nulls === 0 && !whole) return { shape: "same", text: String(first) };
  if (nulls === 0) return { shape: "all", text: values.join(separator) };
  if (!empty) return { shape: "empty is null", text: values.join(separator) };
  return { shape: "mark is null", text: marked(values) };
}

function marked(values: readonly Value[]): string {
  return values.map((value) => value ?? missing).join(separator);
}

/** Values the engine reads as their kind; the very same list when there is nothing to change. */
function plain(values: readonly Value[], kind: string): readonly Value[] {
  const fits = fitting[kind];
  return fits === undefined || values.every(fits.is) ? values : values.map(fits.make);
}

interface Fit {
  is(value: Value): boolean;
  make(value: Value): Value;
}

const fitting: Readonly<Record<string, Fit>> = {
  INTEGER: {
    is: (value) =>
      value === null || value === undefined || (typeof value === "number" && (value | 0) === value),
    make: (value) => (typeof value === "number" ? Math.trunc(value) | 0 : null),
  },
  BIGINT: {
    is: (value) => value === null || value === undefined || Number.isSafeInteger(value),
    make: bigint,
  },
  TIMESTAMP: {
    is: (value) => value === null || value === undefined || Number.isSafeInteger(value),
    make: bigint,
  },
  DOUBLE: {
    is: (value) => value === null || value === undefined || (Number.isFinite(value) && !Object.is(value, -0)),
    make: (value) => (Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : null),
  },
  BOOLEAN: {
    is: (value) => value === null || value === undefined || typeof value === "boolean",
    make: (value) => (typeof value === "boolean" ? value : null),
  },
};
