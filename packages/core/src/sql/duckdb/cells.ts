import type {
  DuckDBListVector,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructVector,
  DuckDBType,
  DuckDBVector,
} from "@duckdb/node-api";

type Api = typeof import("@duckdb/node-api");

/** A value as JSON holds it: exact integers and decimals that a double cannot hold are strings. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };

export interface CellReader {
  /** At most about `maxChars` characters. `type` is the result column's: a vector does not know that it holds JSON. */
  read(vector: DuckDBVector, row: number, column: number, type: DuckDBType | undefined): Cell;
  /** Cells that were longer, by column. */
  cuts(width: number): number[];
}

/** Deepest nesting of lists and structs read out. */
const maxDepth = 64;

export function createCellReader(api: Api, maxChars: number): CellReader {
  const { DuckDBTypeId: id } = api;
  const counts: number[] = [];
  let current = 0;

  function read(vector: DuckDBVector, row: number, column: number, type: DuckDBType | undefined): Cell {
    current = 0;
    const cell = fit(value(vector, row, 0), type?.alias === "JSON");
    if (current > 0) counts[column] = (counts[column] ?? 0) + 1;
    return cell;
  }

  function fit(cell: Cell, isJson: boolean): Cell {
    if (typeof cell === "string") return isJson && cell.length <= maxChars ? json(cell) : clip(cell);
    if (cell === null || typeof cell !== "object") return cell;
    const text = JSON.stringify(cell);
    return text.length <= maxChars ? cell : clip(text);
  }

  function clip(text: string): string {
    if (text.length <= maxChars) return text;
    current++;
    // Never between the halves of a surrogate pair.
    const end = /[\uD800-\uDBFF]/.test(text[maxChars - 1] ?? "") ? maxChars - 1 : maxChars;
    return text.slice(0, end);
  }

  function value(vector: DuckDBVector, row: number, depth: number): Cell {
    if (depth > maxDepth) return "…";
    const { type } = vector;
    switch (type.typeId) {
      case id.LIST:
      case id.ARRAY:
        return list(vector, row, depth);
      case id.STRUCT:
        return struct(vector as DuckDBStructVector, row, depth);
      case id.BLOB:
      case id.GEOMETRY:
        return blob(vector.getItem(row));
      default:
        return scalar(vector.getItem(row));
    }
  }

  function list(vector: DuckDBVector, row: number, depth: number): Cell {
    if (vector.type.typeId === id.ARRAY) return scalar(vector.getItem(row));
    const items = (vector as DuckDBListVector).getItemVector(row);
    if (items === null) return null;
    // Each item takes two characters of JSON at least.
    const length = Math.min(items.itemCount, Math.ceil(maxChars / 2) + 1);
    return Array.from({ length }, (_, index) => value(items, index, depth + 1));
  }

  function struct(vector: DuckDBStructVector, row: number, depth: number): Cell {
    if (vector.getItem(row) === null) return null;
    const type = vector.type as DuckDBStructType;
    const cells = type.entryNames.map((_, index) => value(vector.entryVectorAt(index), row, depth + 1));
    return type.entryNames.every((name) => name === "")
      ? cells
      : Object.fromEntries(type.entryNames.map((name, index) => [name, cells[index] ?? null]));
  }

  function blob(item: unknown): Cell {
    if (item === null || item === undefined) return null;
    const bytes = (item as { readonly bytes: Uint8Array }).bytes;
    // Whole groups of three bytes keep the shortened base64 decodable.
    const most = Math.floor(maxChars / 4) * 3;
    if (bytes.length <= most) return Buffer.from(bytes).toString("base64");
    current++;
    return Buffer.from(bytes.subarray(0, most)).toString("base64");
  }

  function scalar(item: unknown): Cell {
    if (item === null || item === undefined) return null;
    if (typeof item === "boolean") return item;
    if (typeof item === "number") return Number.isFinite(item) ? item : String(item);
    if (typeof item === "bigint") return exactInteger(item);
    if (typeof item === "string") return item;
    return object(item as object);
  }

  function object(item: object): Cell {
    const endless = infinity(item);
    if (endless !== undefined) return endless;
    if (item instanceof api.DuckDBDecimalValue) return exactDecimal(item.toString());
    if (item instanceof api.DuckDBTimestampTZValue) return instant(item.micros);
    if (item instanceof api.DuckDBListValue) return item.items.map((each) => scalar(each));
    if (item instanceof api.DuckDBArrayValue) return item.items.map((each) => scalar(each));
    if (item instanceof api.DuckDBStructValue) return entries(Object.entries(item.entries));
    if (item instanceof api.DuckDBMapValue) return map(item);
    if (item instanceof api.DuckDBUnionValue || item instanceof api.DuckDBVariantValue)
      return scalar(item.value);
    if (item instanceof api.DuckDBBlobValue) return blob(item);
    return String(item);
  }

  function entries(pairs: readonly (readonly [string, unknown])[]): Cell {
    return Object.fromEntries(pairs.map(([key, each]) => [key, scalar(each)]));
  }

  /** An object when every key is text, pairs otherwise. */
  function map(item: DuckDBMapValue): Cell {
    const taken = item.entries.slice(0, maxChars);
    const texts = taken.every(({ key }) => typeof key === "string");
    if (texts) return entries(taken.map(({ key, value }) => [String(key), value]));
    return taken.map(({ key, value }) => ({ key: scalar(key), value: scalar(value) }));
  }

  /** UTC, whatever the host's time zone. */
  function instant(micros: bigint): string {
    return `${new api.DuckDBTimestampValue(micros).toString()}+00`;
  }

  return { read, cuts: (width) => Array.from({ length: width }, (_, column) => counts[column] ?? 0) };
}

/** Dates and timestamps at the end of time, which the binding prints as if they were ordinary ones. */
function infinity(item: object): string | undefined {
  if (!("isFinite" in item) || item.isFinite !== false) return undefined;
  const [amount] = Object.values(item) as (bigint | number)[];
  return amount !== undefined && amount > 0 ? "infinity" : "-infinity";
}

export function exactInteger(value: bigint): number | string {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value.toString();
}

/** A number when a double holds every digit. */
export function exactDecimal(text: string): number | string {
  return text.replace(/[-.]/g, "").replace(/^0+/, "").length <= 15 ? Number(text) : text;
}

/** JSON text as JSON, unless a number in it would lose digits. */
function json(text: string): Cell {
  if (/\d{16}|[eE][+-]?\d{3}/.test(text)) return text;
  try {
    return JSON.parse(text) as Cell;
  } catch {
    return text;
  }
}
