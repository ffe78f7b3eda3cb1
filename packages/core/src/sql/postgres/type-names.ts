import type { TypeName } from "libpg-query";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { clipName, listNames } from "../names.ts";
import type { GateCatalog } from "../policy.ts";
import { allowedTypes, builtinTypes } from "./builtins.generated.ts";
import { isSystemSchema } from "./function-names.ts";
import { strings, unwrap } from "./nodes.ts";
import { refuse } from "./refusal.ts";

/** Refuses a type that is neither a plain built-in one nor a type of an allowed schema. */
export function judgeType(type: TypeName, policy: CompiledPolicy, catalog: GateCatalog | undefined): void {
  const parts = strings(type.names);
  const [first = "", second] = parts;
  const shown = clipName(parts.join("."));
  for (const modifier of type.typmods ?? []) {
    const kind = unwrap(modifier)?.kind;
    if (kind !== "A_Const" && kind !== "ColumnRef") {
      refuse("forbidden_statement", `The modifier of type ${shown} must be a constant.`);
    }
  }
  if (parts.length === 1 || (first === "pg_catalog" && parts.length === 2)) {
    const name = second ?? first;
    if (allowedTypes.has(name) || (name.startsWith("_") && allowedTypes.has(name.slice(1)))) return;
    if (builtinTypes.has(name) || /^_?(reg|pg_)/.test(name) || parts.length === 2) {
      refuse(
        "system_catalog_not_allowed",
        `The type ${shown} belongs to the server's catalogs and cannot be named.`,
        "Compare names as text and use the metadata tools for tables and columns.",
      );
    }
    judgeBareUserType(name, policy, catalog);
    return;
  }
  if (second === undefined || parts.length > 2)
    refuse("schema_not_allowed", `The type name ${shown} has too many parts.`);
  judgeUserType(first, second, policy, catalog);
}

function judgeBareUserType(name: string, policy: CompiledPolicy, catalog: GateCatalog | undefined): void {
  if (policy.extraFunctions.has(name)) return;
  const home = catalog?.searchPath.find((schema) => typeKind(schema, name, catalog) !== undefined);
  if (home === undefined) {
    refuse(
      "schema_not_allowed",
      `The type ${clipName(name)} is not a permitted built-in type.`,
      `A type of an allowed schema must be written with it, as in schema.${clipName(name)}; allowed schemas: ${listNames(policy.schemas)}.`,
    );
  }
  judgeUserType(home, name, policy, catalog);
}

function judgeUserType(
  schema: string,
  name: string,
  policy: CompiledPolicy,
  catalog: GateCatalog | undefined,
): void {
  const shown = clipName(`${schema}.${name}`);
  if (isSystemSchema(schema)) {
    refuse(
      "system_catalog_not_allowed",
      `The type ${shown} belongs to the server's catalogs and cannot be named.`,
    );
  }
  if (policy.extraFunctions.has(`${schema}.${name}`)) return;
  if (!policy.schema(schema)) {
    refuse(
      "schema_not_allowed",
      `The schema ${clipName(schema)} of type ${shown} is not allowed.`,
      `Allowed schemas: ${listNames(policy.schemas)}.`,
    );
  }
  // A table's row type shows its columns: it follows the rules of the table.
  const element = name.startsWith("_") ? name.slice(1) : name;
  if (policy.table(schema, name) === "excluded" || policy.table(schema, element) === "excluded") {
    refuse("table_not_allowed", `The row type of ${shown} is not allowed.`);
  }
  for (const row of [name, element]) {
    if (catalog?.relation(schema, row) !== undefined && policy.table(schema, row) !== "allowed") {
      refuse("table_not_allowed", `The row type of ${shown} is not allowed.`);
    }
  }
  if ([name, element].some((part) => catalog?.userFunctions?.has(`${schema}.${part}`))) {
    refuse(
      "dangerous_function",
      `A cast to ${shown} runs a function of this database.`,
      "Leave the cast out, or ask the operator to open the type in the source's configuration.",
    );
  }
  if (catalog?.type !== undefined && typeKind(schema, name, catalog) === undefined) {
    refuse(
      "schema_not_allowed",
      `There is no type ${shown}.`,
      "Use the metadata tools to see the types of columns.",
    );
  }
}

function typeKind(schema: string, name: string, catalog: GateCatalog): string | undefined {
  const element = name.startsWith("_") ? name.slice(1) : name;
  return catalog.type?.(schema, name) ?? catalog.type?.(schema, element);
}
