import type { SourceConfig } from "../config/source-config.ts";

/** How names are compared: PostgreSQL's as they are stored, DuckDB's without ASCII letter case. */
export function foldOf(kind: SourceConfig["kind"]): (name: string) => string {
  return kind === "postgres" ? (name) => name : foldAscii;
}

function foldAscii(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
