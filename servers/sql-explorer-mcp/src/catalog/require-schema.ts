import { ToolError } from "@mcp-data/core";
import { suggest } from "../search/suggest.ts";
import type { CatalogView } from "./view.ts";

/** NOT_FOUND with the allowed schemas; a schema that exists but is not allowed reads the same. */
export function requireSchema(view: CatalogView, schema: string): void {
  const allowed = view.access.policy.schemas;
  if (allowed.includes(schema)) return;
  const near = suggest(schema, allowed);
  throw new ToolError("NOT_FOUND", `There is no schema "${schema.slice(0, 128)}" here.`, {
    hint:
      near.length > 0 ? `Did you mean ${near.join(", ")}?` : `Schemas: ${allowed.slice(0, 20).join(", ")}.`,
    details: { suggestions: near, schemas: allowed.slice(0, 20) },
  });
}
