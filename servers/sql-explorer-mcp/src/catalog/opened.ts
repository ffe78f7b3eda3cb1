import type { CompiledPolicy } from "@mcp-data/core";
import type { Relation } from "./snapshot.ts";

export interface DatabaseName {
  readonly schema: string;
  readonly name: string;
}

/** Whether the configuration lets a caller use a function of the database itself. */
export function isOpened({ schema, name }: DatabaseName, policy: CompiledPolicy): boolean {
  if (policy.extraFunctions.has(`${schema}.${name}`)) return true;
  if (!policy.schema(schema)) return false;
  return policy.extraFunctions.has(name) || policy.extraPrefixes.some((prefix) => name.startsWith(prefix));
}

/** The same of a type, by its own name or its element's. */
export function isTypeOpened({ schema, name }: DatabaseName, policy: CompiledPolicy): boolean {
  return [name, name.replace(/^_/, "")].some((each) => isOpened({ schema, name: each }, policy));
}

/** Whether the column may not be named for what its type could run. */
export function closedOf(policy: CompiledPolicy, relation: Relation): (column: string) => boolean {
  const closed = new Set(
    (relation.calling ?? []).filter((type) => !isTypeOpened(type, policy)).map(({ column }) => column),
  );
  return (column) => closed.has(column) || closed.has("*");
}
