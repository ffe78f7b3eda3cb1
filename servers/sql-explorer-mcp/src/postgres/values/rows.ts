import { ToolError } from "@mcp-data/core";
import type { Cell, Limits, ResultColumn } from "../../engine/engine.ts";
import type { Meter } from "../connection/meter.ts";
import type { Field, RawRow, Step } from "../protocol/step.ts";
import { mask } from "../walls/masks.ts";
import { cellReader } from "./cells.ts";
import type { ServerTypes } from "./types.ts";

export interface ReadRows {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly truncated: boolean;
  readonly cuts: readonly string[];
}

export interface RowReaderOptions {
  readonly maxRows: number;
  /** Rows in front of the page. */
  readonly skip: number;
  readonly limits: Pick<Limits, "maxBytes" | "maxCellChars">;
  readonly types: ServerTypes;
  readonly meter: Meter;
  /** Judges the row description; throws to refuse the result. */
  describe(fields: readonly Field[]): readonly ResultColumn[];
}

export interface RowReader {
  readonly listener: Pick<Step, "columns" | "row">;
  /** What was read; `stopped` when the answer was broken off. RESULT_TOO_LARGE when not even one row fits. */
  finish(stopped: boolean): ReadRows;
}

/** Turns rows into cells as they arrive and keeps no more than the limits allow. */
export function createRowReader(options: RowReaderOptions): RowReader {
  const { maxRows, limits } = options;
  const rows: Cell[][] = [];
  const shortened = new Map<number, number>();
  let columns: readonly ResultColumn[] = [];
  let read: ((text: string) => { readonly cell: Cell; readonly cut: boolean })[] = [];
  let skip = options.skip;
  let bytes = 0;
  let more = false;
  let full = false;

  const keep = (values: RawRow) => {
    let size = 0;
    const cuts: number[] = [];
    const cells = values.map((value, at): Cell => {
      if (columns[at]?.masked) {
        size += mask.length;
        return mask;
      }
      if (value === null) {
        size += 4;
        return null;
      }
      const { cell, cut } = read[at]?.(value) ?? { cell: value, cut: false };
      if (cut) cuts.push(at);
      size += typeof cell === "string" ? Buffer.byteLength(cell) : Buffer.byteLength(value);
      return cell;
    });
    if (bytes + size > limits.maxBytes) {
      full = true;
      return;
    }
    bytes += size;
    rows.push(cells);
    for (const at of cuts) shortened.set(at, (shortened.get(at) ?? 0) + 1);
  };

  return {
    listener: {
      columns(fields) {
        columns = options.describe(fields);
        read = fields.map((field) => cellReader(options.types, field.dataTypeID, limits.maxCellChars));
      },
      row(values, size) {
        if (skip > 0) {
          skip -= 1;
          options.meter.forgive(size);
        } else if (rows.length >= maxRows) {
          more = true;
        } else if (!full) {
          keep(values);
        }
        return undefined;
      },
    },
    finish(stopped) {
      if (rows.length === 0 && (full || stopped)) throw tooLarge(limits.maxBytes);
      const cuts: string[] = [];
      if (full || stopped)
        cuts.push(`Stopped after ${rows.length} rows: the limit of ${limits.maxBytes} bytes.`);
      else if (more) cuts.push(`Stopped after ${rows.length} rows: the limit of rows.`);
      for (const [at, count] of shortened) {
        const name = columns[at]?.name ?? "";
        const values = count === 1 ? "1 value" : `${count} values`;
        cuts.push(
          `Column ${JSON.stringify(name)}: ${values} shortened to ${limits.maxCellChars} characters.`,
        );
      }
      return { columns, rows, truncated: more || full || stopped, cuts };
    },
  };
}

function tooLarge(maxBytes: number): ToolError {
  return new ToolError("RESULT_TOO_LARGE", `A single row is larger than the limit of ${maxBytes} bytes.`, {
    hint: "Select fewer columns, or cut long values: left(column, 200).",
    details: { max_bytes: maxBytes },
  });
}
