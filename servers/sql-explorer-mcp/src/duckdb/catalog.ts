import type { SqlPolicy } from "@mcp-data/core";
import { type CatalogFacts, type DuckdbCatalog, gateCatalog } from "@mcp-data/core/sql/duckdb";
import type { Snapshot } from "../catalog/snapshot.ts";

/** One reading of a source's catalog. */
export interface Catalog {
  readonly snapshot: Snapshot;
  readonly generation: number;
  /** What the gate asks, for a policy's schemas in their order. */
  forPolicy(policy: SqlPolicy): DuckdbCatalog;
}

export function createCatalog(facts: CatalogFacts, snapshot: Snapshot, viewsAreTables: boolean): Catalog {
  const existing = new Set(facts.schemas.map((schema) => schema.name));
  const byPath = new Map<string, DuckdbCatalog>();
  return {
    snapshot,
    generation: facts.generation,
    forPolicy(policy) {
      const searchPath = policy.schemas.filter((schema) => existing.has(schema));
      const key = JSON.stringify(searchPath);
      const known = byPath.get(key);
      if (known !== undefined) return known;
      const made = gateCatalog(facts, { epoch: snapshot.epoch, searchPath, viewsAreTables });
      byPath.set(key, made);
      return made;
    },
  };
}
