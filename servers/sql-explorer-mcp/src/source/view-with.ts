import { isToolError } from "@mcp-data/core";
import type { CatalogView } from "../catalog/view.ts";
import type { Source } from "./source.ts";

/** Looks something up; on a miss the catalog is read again once, because the thing may be new. */
export async function viewWith<Found>(
  source: Source,
  signal: AbortSignal,
  find: (view: CatalogView) => Found,
): Promise<{ view: CatalogView; found: Found }> {
  const view = await source.view(signal);
  try {
    return { view, found: find(view) };
  } catch (thrown) {
    if (!isToolError(thrown) || thrown.code !== "NOT_FOUND") throw thrown;
    const fresh = await source.view(signal, true);
    if (fresh === view) throw thrown;
    return { view: fresh, found: find(fresh) };
  }
}
