import type { StoredResult } from "./result-store.ts";

/** Where reading goes on: a byte of the result, and whether it is within a value. */
export interface Position {
  readonly offset: number;
  readonly inside: boolean;
}

export interface ResultPage {
  readonly values: readonly unknown[];
  /** A piece of one value too long for a page, as text. */
  readonly piece?: string;
  readonly next?: Position;
}

/** Values from a position up to a budget of characters; at least one, or a piece of one. */
export function pageOf(
  result: StoredResult,
  from: Position,
  budget: number,
  limit = Number.POSITIVE_INFINITY,
): ResultPage {
  const window = result.read(from.offset, budget * 4 + 4);
  const values: unknown[] = [];
  let used = 0;
  let at = 0;
  if (!from.inside) {
    while (at < window.length && values.length < limit) {
      const end = window.indexOf(0x0a, at);
      if (end < 0) break;
      const text = window.toString("utf8", at, end);
      if (used + text.length + 1 > budget && values.length > 0) break;
      if (text.length > budget) break;
      used += text.length + 1;
      values.push(JSON.parse(text));
      at = end + 1;
    }
  }
  const offset = from.offset + at;
  if (values.length > 0)
    return offset < result.bytes ? { values, next: { offset, inside: false } } : { values };
  if (window.length === 0) return { values };
  return pieceOf(result, from.offset, window, budget);
}

function pieceOf(result: StoredResult, offset: number, window: Buffer, budget: number): ResultPage {
  const line = window.indexOf(0x0a);
  let end = line < 0 ? window.length : line;
  if (end > budget) {
    end = budget;
    // Not within a character.
    while (end > 0 && ((window[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  }
  const ended = end === line;
  const next = offset + end + (ended ? 1 : 0);
  const piece = window.toString("utf8", 0, end);
  return next < result.bytes
    ? { values: [], piece, next: { offset: next, inside: !ended } }
    : { values: [], piece };
}
