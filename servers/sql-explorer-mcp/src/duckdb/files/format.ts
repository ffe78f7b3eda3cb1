export type DataFormat = "csv" | "tsv" | "parquet" | "json" | "ndjson";

const extension = /\.(csv|tsv|parquet|json|jsonl|ndjson)(?:\.(?:gz|zst))?$/i;

export function formatOf(name: string): DataFormat | undefined {
  const found = extension.exec(name)?.[1]?.toLowerCase();
  if (found === undefined) return undefined;
  return found === "jsonl" ? "ndjson" : (found as DataFormat);
}

export function withoutExtension(name: string): string {
  return name.replace(extension, "");
}

/** The SELECT behind a file's view. */
export function selectFrom(format: DataFormat, path: string): string {
  const file = `'${path.replaceAll("'", "''")}'`;
  switch (format) {
    case "csv":
      return `SELECT * FROM read_csv(${file})`;
    case "tsv":
      return `SELECT * FROM read_csv(${file}, delim = '\t')`;
    case "parquet":
      return `SELECT * FROM read_parquet(${file})`;
    case "json":
      return `SELECT * FROM read_json_auto(${file})`;
    case "ndjson":
      return `SELECT * FROM read_ndjson_auto(${file})`;
  }
}

/** The readers take patterns, and only names that cannot be one are safe to list. */
export function looksLikePattern(path: string): boolean {
  return /[*?[\]]/.test(path);
}
