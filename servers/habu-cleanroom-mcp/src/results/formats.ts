import type { Column, Row } from "./table.ts";

export const fileFormats = ["csv", "ndjson", "json", "markdown"] as const;
export type FileFormat = (typeof fileFormats)[number];

export const extensions: Record<FileFormat, string> = {
  csv: "csv",
  ndjson: "ndjson",
  json: "json",
  markdown: "md",
};

/** Text of a table in parts, so that it can be written without holding it. */
export interface Writer {
  head(): string;
  rows(rows: readonly Row[]): string;
  tail(): string;
}

export function createWriter(format: FileFormat, columns: readonly Column[]): Writer {
  const names = columns.map(({ name }) => name);
  if (format === "csv")
    return {
      head: () => line(names),
      rows: (rows) => rows.map((row) => line(names.map((name) => row[name] ?? ""))).join(""),
      tail: () => "",
    };
  if (format === "markdown") {
    const md = (cells: readonly string[]) =>
      `| ${cells.map((cell) => cell.replaceAll(/[\r\n]+/g, " ").replaceAll("|", "\\|")).join(" | ")} |\n`;
    return {
      head: () => md(names) + md(names.map(() => "---")),
      rows: (rows) => rows.map((row) => md(names.map((name) => row[name] ?? ""))).join(""),
      tail: () => "",
    };
  }
  const ordered = (row: Row) =>
    JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
  if (format === "ndjson")
    return {
      head: () => "",
      rows: (rows) => rows.map((row) => `${ordered(row)}\n`).join(""),
      tail: () => "",
    };
  let first = true;
  return {
    head: () => "[",
    rows(rows) {
      const text = rows.map(ordered).join(",\n");
      const part = text === "" ? "" : `${first ? "\n" : ",\n"}${text}`;
      first &&= text === "";
      return part;
    },
    tail: () => "\n]\n",
  };
}

const line = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** A cell a spreadsheet would run as a formula is made text; numbers stay numbers. */
export function csvCell(value: string): string {
  const harmless = /^-?\d+(\.\d+)?$/.test(value);
  const text = !harmless && /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
