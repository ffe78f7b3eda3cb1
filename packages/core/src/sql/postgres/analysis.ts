import type { SelectStmt } from "libpg-query";
import type { CompiledPolicy } from "../compiled-policy.ts";
import type { GateCatalog } from "../policy.ts";
import type { Scope } from "./scope.ts";

/** Names of a query's outputs in order; undefined when they cannot be told. */
export type Outputs = readonly string[] | undefined;

/** Common table expressions in sight, nearest first. */
export interface Ctes {
  readonly name: string;
  readonly columns: Outputs;
  readonly outer: Ctes | undefined;
}

/** What one analysis of a statement gathers and needs everywhere. */
export interface Analysis {
  readonly policy: CompiledPolicy;
  readonly catalog: GateCatalog | undefined;
  /** `schema.table` → access, in order of appearance. */
  readonly tables: Map<string, { readonly schema: string; readonly name: string }>;
  readonly columns: Set<string>;
  /** Names of the outermost query's outputs that show a masked column. */
  readonly masked: Set<string>;
  /** Judges a query inside another one. */
  query(select: SelectStmt, ctes: Ctes | undefined, outer: Scope | undefined): Outputs;
}

export function findCte(ctes: Ctes | undefined, name: string): Ctes | undefined {
  let entry = ctes;
  while (entry !== undefined && entry.name !== name) entry = entry.outer;
  return entry;
}
