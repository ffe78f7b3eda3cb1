import type { LockedSource } from "@mcp-data/core/sql/duckdb";
import type { DataFile, Discovery } from "./discover.ts";
import { selectFrom } from "./format.ts";
import { viewNames } from "./view-names.ts";

export interface FolderSource {
  readonly source: LockedSource;
  /** By view name. */
  readonly files: ReadonlyMap<string, DataFile>;
  /** Which files are there, not what is in them. */
  readonly listing: string;
  readonly warnings: readonly string[];
}

/** One view per file; exactly these files are readable. */
export function folderSource({ files, warnings }: Discovery): FolderSource {
  const names = viewNames(files.map((file) => file.shown));
  const byName = new Map(files.map((file, index) => [names[index] ?? "", file]));
  return {
    source: {
      kind: "views",
      files: files.map((file) => file.path),
      views: [...byName].map(([name, { format, path }]) => ({ name, select: selectFrom(format, path) })),
    },
    files: byName,
    listing: files.map((file) => file.path).join("\n"),
    warnings,
  };
}
