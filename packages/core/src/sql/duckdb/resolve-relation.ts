import type { CompiledPolicy } from "../compiled-policy.ts";
import { clipName, listNames } from "../names.ts";
import type { GateRelation } from "../policy.ts";
import { reject } from "../reject.ts";
import type { Rejected } from "../verdict.ts";
import { foldName } from "./ast.ts";
import type { DuckdbCatalog } from "./catalog.ts";
import { systemRelations } from "./engine-names.ts";

export interface RelationName {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
}

const systemSchemas: ReadonlySet<string> = new Set(["information_schema", "pg_catalog"]);
const systemDatabases: ReadonlySet<string> = new Set(["system", "temp"]);

/** The stored relation a name in FROM stands for, when the policy lets it through. */
export function resolveRelation(
  written: RelationName,
  catalog: DuckdbCatalog,
  policy: CompiledPolicy,
): GateRelation | Rejected {
  const found = lookUp(written, catalog, policy);
  if ("ok" in found) return found;
  switch (policy.table(found.schema, found.name)) {
    case "allowed":
      return found;
    case "schema":
      return schemaRefused(found.schema, policy);
    default:
      return tableRefused(display(written));
  }
}

function lookUp(
  written: RelationName,
  catalog: DuckdbCatalog,
  policy: CompiledPolicy,
): GateRelation | Rejected {
  const database = foldName(written.catalog);
  const schema = foldName(written.schema);
  const name = foldName(written.name);
  const own = foldName(catalog.database);
  if (systemDatabases.has(database) || systemDatabases.has(schema)) return systemRefused();
  if (database !== "" && database !== own)
    return schemaRefused(`${written.catalog}.${written.schema}`, policy);
  if (systemSchemas.has(schema)) return systemRefused();
  if (schema !== "") {
    const exact = catalog.relation(schema, name);
    // "a.b" is schema.table or database.table: the engine refuses the mix, so does the gate.
    const mixed = database === "" && schema === own;
    if (mixed && catalog.hasSchema(schema)) return tableRefused(display(written));
    if (mixed) return inSearchPath(name, catalog) ?? unknown(written, name, ["main"]);
    if (exact !== undefined) return exact;
    return policy.schema(schema) ? unknown(written, name, [schema]) : schemaRefused(written.schema, policy);
  }
  return inSearchPath(name, catalog) ?? unknown(written, name, catalog.searchPath);
}

function inSearchPath(name: string, catalog: DuckdbCatalog): GateRelation | undefined {
  for (const schema of catalog.searchPath) {
    const relation = catalog.relation(foldName(schema), name);
    if (relation !== undefined) return relation;
  }
  return undefined;
}

function unknown(written: RelationName, name: string, schemas: readonly string[]): Rejected {
  if (systemRelations.has(name)) return systemRefused();
  const looked = listNames(schemas, 5);
  if (/[./\\:*?]/.test(written.name) && written.schema === "") {
    return reject(
      "table_not_allowed",
      `"${clipName(written.name)}" is not a table; files and URLs cannot be read by name.`,
      "Use a table that list_tables shows.",
      { unknown: true },
    );
  }
  return reject(
    "table_not_allowed",
    `There is no table ${display(written)} that may be read (looked in: ${looked}).`,
    "Use list_tables or search_schema to find the name; write schema.table for other schemas.",
    { unknown: true },
  );
}

// A table that exists and is withheld reads like one that does not.
function tableRefused(name: string): Rejected {
  return reject(
    "table_not_allowed",
    `There is no table ${name} that may be read.`,
    "Use list_tables to see what may be read.",
    { unknown: true },
  );
}

function schemaRefused(schema: string, policy: CompiledPolicy): Rejected {
  return reject(
    "schema_not_allowed",
    `The schema ${clipName(schema)} is not allowed.`,
    `Allowed schemas: ${listNames(policy.schemas)}.`,
    { allowed_schemas: policy.schemas.slice(0, 20) },
  );
}

function systemRefused(): Rejected {
  return reject(
    "system_catalog_not_allowed",
    "The engine's own catalog cannot be queried.",
    "Use list_tables, describe_table or get_metadata.",
  );
}

function display({ catalog, schema, name }: RelationName): string {
  return clipName([catalog, schema, name].filter((part) => part !== "").join("."));
}
