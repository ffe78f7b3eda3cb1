import type { CompiledPolicy, Verdict } from "@mcp-data/core";
import { suggest } from "../../search/suggest.ts";
import type { Catalog } from "../catalog/catalog.ts";

const shown = 5;

/** Adds near names, of allowed tables only, to the refusal of a table that is not there. */
export function withNearTables(verdict: Verdict, catalog: Catalog, policy: CompiledPolicy): Verdict {
  if (verdict.ok) return verdict;
  const unknown = verdict.details?.["unknown_table"];
  if (typeof unknown !== "string") return verdict;
  const allowed = new Map<string, string[]>();
  for (const { schema, name } of catalog.snapshot.relations) {
    if (policy.table(schema, name) !== "allowed") continue;
    allowed.set(name, [...(allowed.get(name) ?? []), `${schema}.${name}`]);
  }
  const near = suggest(unknown.slice(unknown.lastIndexOf(".") + 1), [...allowed.keys()])
    .flatMap((name) => allowed.get(name) ?? [])
    .slice(0, shown);
  if (near.length === 0) return verdict;
  return {
    ...verdict,
    hint: `Did you mean ${near.join(", ")}?`,
    details: { ...verdict.details, suggestions: near },
  };
}
