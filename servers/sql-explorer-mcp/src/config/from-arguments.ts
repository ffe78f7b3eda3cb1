import { statSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { ToolError } from "@mcp-data/core";

const dataFile = /\.(csv|tsv|parquet|json|jsonl|ndjson)(\.(gz|zst))?$/i;
const duckdbFile = /\.(duckdb|ddb|db)$/i;

/** What the config file would say for sources given as arguments: postgres URLs, DuckDB files, data files, folders. */
export function sourcesFromArguments(args: readonly string[]): Record<string, unknown>[] {
  const taken = new Set<string>();
  return args.map((arg) => {
    const source = sourceFrom(arg);
    const id = unusedId(source.name, taken);
    taken.add(id);
    const { name: _, ...rest } = source;
    return { id, ...rest };
  });
}

function sourceFrom(arg: string): { name: string; kind: string; dsn?: string; path?: string } {
  if (/^postgres(ql)?:\/\//i.test(arg)) return { name: databaseOf(arg), kind: "postgres", dsn: arg };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(arg)) {
    throw misuse(
      "is a URL of a kind this server does not read",
      "Use a postgres:// URL, a .duckdb file, data files or a folder.",
    );
  }
  const path = resolve(arg);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw misuse(
      `"${basename(arg)}" does not exist`,
      "Check the path; it is taken relative to the current folder.",
    );
  const name = basename(path, extname(path)).replace(/\.(csv|tsv|json|jsonl|ndjson)$/i, "");
  if (stat.isDirectory()) return { name: basename(path), kind: "files", path };
  if (duckdbFile.test(path)) return { name, kind: "duckdb", path };
  if (dataFile.test(path)) return { name, kind: "files", path };
  throw misuse(
    `"${basename(arg)}" is no kind of file this server reads`,
    "Readable: .duckdb, .csv, .tsv, .parquet, .json, .ndjson, also .gz, or a folder of them.",
  );
}

function databaseOf(dsn: string): string {
  try {
    return decodeURIComponent(new URL(dsn).pathname.slice(1)) || "postgres";
  } catch {
    return "postgres";
  }
}

function unusedId(name: string, taken: ReadonlySet<string>): string {
  const clean =
    name
      .replaceAll(/[^A-Za-z0-9_-]+/g, "_")
      .replace(/^[_-]+/, "")
      .slice(0, 50) || "source";
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? clean : `${clean}_${n}`;
    if (!taken.has(id)) return id;
  }
}

function misuse(problem: string, hint: string): ToolError {
  return new ToolError("CONFIG_ERROR", `A source ${problem}.`, { hint });
}
