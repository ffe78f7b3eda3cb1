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

/**
 * The stored relations a name in FROM can stand for: one in the caller's own text. Inside a view or macro (`home` is
 * its schema) the engine may look there first, so every candidate counts. All must be let through by the policy.
 */
export function resolveRelation(
  written: RelationName,
  catalog: DuckdbCatalog,
  policy: CompiledPolicy,
  home: string | undefined,
): readonly GateRelation[] | Rejected {
  const found = lookUp(written, catalog, policy, home);
  if ("ok" in found) return found;
  for (const { schema, name } of found) {
    const judgement = policy.table(schema, name);
    if (judgement === "schema") return schemaRefused(schema, policy);
    if (judgement !== "allowed") return tableRefused(display(written));
  }
  return found;
}

function lookUp(
  written: RelationName,
  catalog: DuckdbCatalog,
  policy: CompiledPolicy,
  home: string | undefined,
): readonly GateRelation[] | Rejected {
  const database = foldName(written.catalog);
  const schema = foldName(written.schema);
  const name = foldName(written.name);
  const own = foldName(catalog.database);
  if (systemDatabases.has(database) || systemDatabases.has(schema)) return systemRefused();
  if (database !== "" && database !== own)
    return schemaRefused(`${written.catalog}.${written.schema}`, policy);
  if (systemSchemas.has(schema)) return systemRefused();
  if (schema !== "") {
    // "a.b" is schema.table or database.table: the engine refuses the mix, so does the gate.
    const mixed = database === "" && schema === own;
    if (mixed && catalog.hasSchema(schema)) return tableRefused(display(written));
    if (mixed) return among(["main", ...catalog.searchPath], written, catalog);
    const exact = catalog.relation(schema, name);
    if (exact !== undefined) return [exact];
    return policy.schema(schema) ? unknown(written, name, [schema]) : schemaRefused(written.schema, policy);
  }
  if (home !== undefined) return among([home, ...catalog.searchPath, "main"], written, catalog);
  const first = catalog.searchPath
    .map((each) => catalog.relation(foldName(each), name))
    .find((relation) => relation !== undefined);
  return first === undefined ? unknown(written, name, catalog.searchPath) : [first];
}

function among(
  schemas: readonly string[],
  written: RelationName,
  catalog: DuckdbCatalog,
): readonly GateRelation[] | Rejected {
  const name = foldName(written.name);
  const found = new Set(schemas.flatMap((schema) => catalog.relation(foldName(schema), name) ?? []));
  return found.size === 0 ? unknown(written, name, schemas) : [...found];
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
