import type { Cursors } from "@mcp-data/core";
import type { CatalogView } from "./catalog/view.ts";
import type { Projects } from "./project/project.ts";
import type { SchemaSearch } from "./search/schema-search.ts";

/** What the tools call. */
export interface Services {
  readonly projects: Projects;
  readonly cursors: Cursors;
  /** Built once per view. */
  search(view: CatalogView): SchemaSearch;
  close(): Promise<void>;
}
