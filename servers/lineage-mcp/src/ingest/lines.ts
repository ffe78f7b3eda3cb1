import { isAscii } from "node:buffer";
import { hasSeparator } from "../store/packed.ts";
import { type EventFile, readRange } from "./files.ts";

export interface Line {
  readonly text: string;
  readonly offset: number;
  /** Only its beginning is in `text`. */
  readonly cut?: true;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** Where to go on. */
  readonly end: number;
  /** No line end lies before this; set when nothing could be read. */
  readonly scanned?: number;
  /** No text in it holds a character that separates packed values. */
  readonly packable: boolean;
}

export const chunkBytes = 4 * 1024 * 1024;
export const chunkEvents = 8_192;
const maxLine = 32 * 1024 * 1024;
const keptOfLong = 4_096;

/** Whole lines from an offset, at most one chunk of them, never beyond the listed size; `scanned` is what the call before said, `memory` what may be overwritten. */
export function readLines(file: EventFile, start: number, scanned = start, memory?: Buffer): Lines {
  let length = Math.min(chunkBytes, file.size - start);
  if (scanned - start >= maxLine) return longLine(file, start, scanned);
  let bytes = readRange(file.absolute, start, length, memory);
  while (bytes.lastIndexOf(10) < 0 && start + length < file.size) {
    if (length >= maxLine) return longLine(file, start, start + length);
    length = Math.min(length * 2, maxLine, file.size - start);
    bytes = readRange(file.absolute, start, length);
  }
  const last = bytes.lastIndexOf(10);
  if (last < 0) return { lines: [], end: start, scanned: start + bytes.length, packable: true };
  const whole = bytes.subarray(0, last + 1);
  return isAscii(whole) ? linesOfText(whole.toString("latin1"), start) : linesOfBytes(whole, start);
}

/** Characters are bytes: lines are parts of one text, and none is copied. */
function linesOfText(whole: string, start: number): Lines {
  const lines: Line[] = [];
  let at = 0;
  while (at < whole.length && lines.length < chunkEvents) {
    const end = whole.indexOf("\n", at);
    const stop = end > at && whole.charCodeAt(end - 1) === 13 ? end - 1 : end;
    lines.push({ text: whole.slice(at, stop), offset: start + at });
    at = end + 1;
  }
  return { lines, end: start + at, packable: !hasSeparator(whole) };
}

function linesOfBytes(whole: Buffer, start: number): Lines {
  const lines: Line[] = [];
  let packable = true;
  let at = 0;
  while (at < whole.length && lines.length < chunkEvents) {
    const end = whole.indexOf(10, at);
    const stop = end > at && whole[end - 1] === 13 ? end - 1 : end;
    const text = whole.toString("utf8", at, stop);
    packable &&= !hasSeparator(text);
    lines.push({ text, offset: start + at });
    at = end + 1;
  }
  return { lines, end: start + at, packable };
}

/** Of a line too long to hold, the beginning; its end is looked for without keeping it. */
function longLine(file: EventFile, start: number, from: number): Lines {
  for (let at = from; at < file.size; at += chunkBytes) {
    const bytes = readRange(file.absolute, at, Math.min(chunkBytes, file.size - at));
    const end = bytes.indexOf(10);
    if (end >= 0) {
      const text = readRange(file.absolute, start, keptOfLong).toString("utf8");
      return { lines: [{ text, offset: start, cut: true }], end: at + end + 1, packable: true };
    }
    if (bytes.length === 0) break;
  }
  return { lines: [], end: start, scanned: file.size, packable: true };
}
