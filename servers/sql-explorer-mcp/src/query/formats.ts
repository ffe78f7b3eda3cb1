import type { Cell, ResultColumn } from "../engine/engine.ts";
import { uniqueNames } from "./fit-rows.ts";

export const formats = ["rows", "objects", "csv", "tsv", "markdown"] as const;
export type Format = (typeof formats)[number];

type Row = readonly Cell[];

export interface Formatter {
  /** Characters one row takes in the answer's JSON. */
  size(row: Row): number;
  render(rows: readonly Row[]): { rows: unknown[] } | { text: string };
}

/** How rows are written; text formats have a header line. */
export function formatter(format: Format, columns: readonly ResultColumn[]): Formatter {
  if (format === "rows") return { size: jsonSize, render: (rows) => ({ rows: rows.map((row) => [...row]) }) };
  if (format === "objects") {
    const names = uniqueNames(columns);
    const toObject = (row: Row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]));
    return { size: (row) => jsonSize(toObject(row)), render: (rows) => ({ rows: rows.map(toObject) }) };
  }
  const line = lines[format];
  const header = line(columns.map((column) => column.name));
  const rule = format === "markdown" ? [line(columns.map(() => "---"))] : [];
  return {
    size: (row) => jsonSize(line(row.map(cellText))),
    render: (rows) => ({ text: [header, ...rule, ...rows.map((row) => line(row.map(cellText)))].join("\n") }),
  };
}

const lines: Record<"csv" | "tsv" | "markdown", (cells: readonly string[]) => string> = {
  csv: (cells) => cells.map(quoteCsv).join(","),
  tsv: (cells) => cells.map((cell) => cell.replaceAll(/[\\\t\n\r]/g, escapeTsv)).join("\t"),
  markdown: (cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`,
};

function cellText(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "string" ? cell : typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

function quoteCsv(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function escapeTsv(char: string): string {
  return { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" }[char] ?? char;
}

function escapeMarkdown(cell: string): string {
  return cell
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replaceAll(/\r\n|[\r\n]/g, "<br>");
}

function jsonSize(value: unknown): number {
  return JSON.stringify(value).length + 1;
}
