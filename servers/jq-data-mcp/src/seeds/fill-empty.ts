import type { Logger } from "@mcp-data/core";
import type { Database } from "../store/database.ts";
import type { Importer } from "./import-library.ts";
import { readLibraryFile } from "./read-file.ts";

/** An empty library is one that never held anything: what a team deleted does not come back. */
export function neverFilled(db: Database): boolean {
  return db.get("SELECT 1 FROM versions LIMIT 1") === undefined;
}

/** Pre-approved: whoever starts the server vouches for them. A seed that does not work is told, not fatal. */
export async function fillFromSeeds(
  files: readonly string[],
  importer: Importer,
  logger: Logger,
): Promise<void> {
  for (const file of files) {
    const results = await importer.import({ id: "system", role: "owner" }, readLibraryFile(file), {
      source: "yaml",
      seedPath: file,
      system: true,
    });
    for (const { item, outcome, warnings, error } of results) {
      if (outcome === "failed") logger.warn("a seed was not imported", { item, error });
      else if (warnings.length > 0) logger.warn("a seed has warnings", { item, warnings: [...warnings] });
    }
  }
}
