import { ToolError } from "@mcp-data/core";
import { suggest } from "../search/suggest.ts";
import type { Relation } from "./snapshot.ts";
import type { CatalogView } from "./view.ts";

/**
 * The relation a caller means by `table` or `schema.table`, exactly as named.
 * NOT_FOUND carries suggestions: other letter case first, then near names, then the first names there are.
 */
export function findRelation(view: CatalogView, table: string, schema: string | undefined): Relation {
  const hit = lookup(view, table, schema);
  if (hit !== undefined) return hit;
  const candidates = view.relations
    .filter((relation) => schema === undefined || relation.schema === schema)
    .map((relation) => `${relation.schema}.${relation.name}`);
  const near = nearNames(table, candidates);
  throw new ToolError(
    "NOT_FOUND",
    `There is no table "${table.slice(0, 128)}"${schema === undefined ? "" : ` in schema "${schema.slice(0, 128)}"`}.`,
    {
      hint: near.length > 0 ? `Did you mean ${near.join(", ")}?` : tablesHint(candidates),
      details: { suggestions: near },
    },
  );
}

function lookup(view: CatalogView, table: string, schema: string | undefined): Relation | undefined {
  if (schema !== undefined) return view.find(schema, table) ?? splitName(view, table, schema);
  for (const allowed of view.access.policy.schemas) {
    const relation = view.find(allowed, table);
    if (relation !== undefined) return relation;
  }
  return splitName(view, table, undefined);
}

/** `schema.table` in one argument; the dot may also be part of a name, so every split is tried. */
function splitName(view: CatalogView, table: string, schema: string | undefined): Relation | undefined {
  for (let dot = table.indexOf("."); dot > 0; dot = table.indexOf(".", dot + 1)) {
    const left = table.slice(0, dot);
    if (schema !== undefined && left !== schema) continue;
    const relation = view.find(left, table.slice(dot + 1));
    if (relation !== undefined) return relation;
  }
  return undefined;
}

function nearNames(table: string, candidates: readonly string[]): string[] {
  const bare = table.slice(table.lastIndexOf(".") + 1);
  const byBare = new Map<string, string[]>();
  for (const candidate of candidates) {
    const name = candidate.slice(candidate.indexOf(".") + 1);
    byBare.set(name, [...(byBare.get(name) ?? []), candidate]);
  }
  return suggest(bare, [...byBare.keys()])
    .flatMap((name) => byBare.get(name) ?? [])
    .slice(0, 5);
}

function tablesHint(candidates: readonly string[]): string {
  if (candidates.length === 0) return "No table is visible here; see list_sources.";
  const shown = candidates.slice(0, 20).join(", ");
  return candidates.length <= 20
    ? `Tables: ${shown}.`
    : `Some of ${candidates.length} tables: ${shown}. Use search_schema.`;
}
