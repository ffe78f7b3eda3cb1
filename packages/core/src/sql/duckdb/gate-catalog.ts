import type { GateRelation } from "../policy.ts";
import { foldName } from "./ast.ts";
import type { DuckdbCatalog, Macro } from "./catalog.ts";
import type { CatalogFacts } from "./catalog-facts.ts";

export interface GateCatalogOptions {
  readonly epoch: string;
  readonly searchPath: readonly string[];
  /** Views that stand for files and are treated as tables; their text is the operator's. */
  readonly viewsAreTables?: boolean;
}

/** The gate's view of what an instance said of itself. */
export function gateCatalog(facts: CatalogFacts, options: GateCatalogOptions): DuckdbCatalog {
  const relations = new Map<string, GateRelation>();
  const texts = new Map<string, string>();
  for (const { schema, name, kind, columns, text } of facts.relations) {
    const key = keyOf(schema, name);
    const shown = kind === "view" && options.viewsAreTables !== true ? "view" : "table";
    relations.set(key, { schema, name, kind: shown, columns: columns.map((column) => column.name) });
    if (text !== null) texts.set(key, text);
  }
  const macros = new Map<string, Macro[]>();
  for (const { name, schema, kind, body } of facts.macros) {
    const key = foldName(name);
    const known = macros.get(key);
    if (known === undefined) macros.set(key, [{ schema, kind, body }]);
    else known.push({ schema, kind, body });
  }
  const schemas = new Set(facts.schemas.map((schema) => foldName(schema.name)));
  const types = new Set(facts.types.map((type) => foldName(type.name)));
  const none: readonly Macro[] = [];
  return {
    epoch: options.epoch,
    database: facts.database,
    searchPath: options.searchPath,
    relation: (schema, name) => relations.get(keyOf(schema, name)),
    hasSchema: (schema) => schemas.has(foldName(schema)),
    viewText: (schema, name) => texts.get(keyOf(schema, name)),
    macros: (name) => macros.get(name) ?? none,
    hasType: (name) => types.has(foldName(name)),
  };
}

function keyOf(schema: string, name: string): string {
  return JSON.stringify([foldName(schema), foldName(name)]);
}
