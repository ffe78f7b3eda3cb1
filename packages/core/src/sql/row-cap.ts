import type { Accepted } from "./verdict.ts";

export interface RowCap {
  /** Rows of one answer; one more is read to know whether there are others. */
  readonly maxRows: number;
  /** Rows before the page. */
  readonly offset?: number;
}

export interface CappedText {
  /** The caller's own text, with at most a LIMIT and OFFSET appended. */
  readonly text: string;
  /** Rows the reader must throw away before the page: the statement brought its own LIMIT or OFFSET, so none could be appended. */
  readonly skip: number;
  /** A LIMIT of ours was appended. */
  readonly appended: boolean;
}

/**
 * The text that runs. The appended LIMIT helps the planner; a cursor that reads at most maxRows + 1 rows
 * after `skip` remains what decides.
 */
export function capRows(accepted: Pick<Accepted, "text" | "limit">, cap: RowCap): CappedText {
  const rows = count(cap.maxRows, "maxRows") + 1;
  const offset = count(cap.offset ?? 0, "offset");
  const { kind, hasOffset } = accepted.limit;
  if (kind !== "none") return { text: accepted.text, skip: offset, appended: false };
  if (hasOffset) return { text: `${accepted.text}\nLIMIT ${rows + offset}`, skip: offset, appended: true };
  const tail = offset === 0 ? "" : ` OFFSET ${offset}`;
  return { text: `${accepted.text}\nLIMIT ${rows}${tail}`, skip: 0, appended: true };
}

function count(value: number, name: string): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} must be a whole number, not negative`);
  return value;
}
