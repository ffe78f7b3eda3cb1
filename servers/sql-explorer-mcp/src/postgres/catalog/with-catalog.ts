import { isToolError, type ToolError } from "@mcp-data/core";
import { staleCatalog } from "../walls/masks.ts";
import type { CatalogCache } from "./cache.ts";
import type { Catalog } from "./catalog.ts";

const missReasons: ReadonlySet<unknown> = new Set([
  "table_not_allowed",
  "schema_not_allowed",
  "column_not_allowed",
  "dangerous_function",
]);

/** A refusal that a newer catalog could lift: the relation or column may just have been made. */
function mayBeMiss(error: unknown): error is ToolError {
  if (!isToolError(error)) return false;
  const reason = error.details?.reason;
  if (error.code === "CONFLICT") return reason === staleCatalog;
  return error.code === "VALIDATION_ERROR" && missReasons.has(reason);
}

/** Works with the held catalog, and once more with a new one when a name was missing from it. */
export async function withCatalog<T>(
  catalogs: CatalogCache,
  signal: AbortSignal,
  work: (catalog: Catalog) => Promise<T>,
): Promise<T> {
  const catalog = await catalogs.current(signal);
  try {
    return await work(catalog);
  } catch (error) {
    if (!mayBeMiss(error)) throw error;
    const newer = await catalogs.afterMiss(catalog, signal);
    if (newer.snapshot.epoch === catalog.snapshot.epoch) throw error;
    return work(newer);
  }
}
