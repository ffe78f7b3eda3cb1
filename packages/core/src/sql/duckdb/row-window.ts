import { ToolError } from "../../error/tool-error.ts";
import type { Cell } from "./cells.ts";
import type { RunRequest } from "./protocol.ts";

export interface RowWindow {
  readonly rows: Cell[][];
  /** Nothing more is wanted. */
  readonly full: boolean;
  readonly truncated: boolean;
  readonly stoppedAtBytes: boolean;
  /** Rows at the start of a chunk that lie before the page. */
  skipIn(count: number): number;
  /** Reads the row only when it is wanted; false ends the reading. */
  offer(read: () => Cell[]): boolean;
}

/** The page of a result: `skip` rows thrown away, `maxRows` kept within `maxBytes`, one more looked for. */
export function createRowWindow(limits: Pick<RunRequest, "skip" | "maxRows" | "maxBytes">): RowWindow {
  const rows: Cell[][] = [];
  let skip = limits.skip;
  let bytes = 0;
  let full = false;
  let stoppedAtBytes = false;
  return {
    rows,
    get full() {
      return full;
    },
    // Reading ends early only because of a row that is there.
    get truncated() {
      return full;
    },
    get stoppedAtBytes() {
      return stoppedAtBytes;
    },
    skipIn(count) {
      const here = Math.min(skip, count);
      skip -= here;
      return here;
    },
    offer(read) {
      if (rows.length >= limits.maxRows) {
        full = true;
        return false;
      }
      const row = read();
      bytes += sizeOf(row);
      if (bytes > limits.maxBytes && rows.length === 0) throw rowTooLarge(limits.maxBytes);
      if (bytes > limits.maxBytes) {
        full = true;
        stoppedAtBytes = true;
        return false;
      }
      rows.push(row);
      return true;
    },
  };
}

function sizeOf(row: readonly Cell[]): number {
  let size = 2;
  for (const cell of row) {
    if (typeof cell === "string") size += Buffer.byteLength(cell) + 3;
    else size += cell === null || typeof cell !== "object" ? 8 : Buffer.byteLength(JSON.stringify(cell));
  }
  return size;
}

function rowTooLarge(maxBytes: number): ToolError {
  return new ToolError("RESULT_TOO_LARGE", `A single row is larger than the limit of ${maxBytes} bytes.`, {
    hint: "Select fewer columns, or cut long values: left(column, 200).",
  });
}
