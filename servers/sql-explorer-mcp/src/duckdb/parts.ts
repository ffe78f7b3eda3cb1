import type { Accepted } from "@mcp-data/core";
import type { DuckdbGate, DuckdbProcess } from "@mcp-data/core/sql/duckdb";
import type { Catalog } from "./catalog.ts";
import type { CatalogCache } from "./catalog-cache.ts";

/** What the methods of one engine share. */
export interface Parts {
  readonly process: DuckdbProcess;
  readonly gate: DuckdbGate;
  readonly catalogs: CatalogCache;
}

/** A statement that passed wall 1, with the catalog it was judged by. */
export interface Judged {
  readonly accepted: Accepted;
  readonly catalog: Catalog;
}
