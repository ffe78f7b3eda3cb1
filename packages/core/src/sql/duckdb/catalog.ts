import type { GateCatalog } from "../policy.ts";

/** A macro somebody created; the engine's own are judged by name. */
export interface Macro {
  readonly schema: string;
  readonly kind: "scalar" | "table";
  /** As the engine prints it: an expression, or a SELECT. */
  readonly body: string;
}

/** What the DuckDB gate must know beyond relations. Names are asked folded to lower case. */
export interface DuckdbCatalog extends GateCatalog {
  /** The name the file is attached under; a three-part name may begin with it. */
  readonly database: string;
  hasSchema(schema: string): boolean;
  /** The engine's `CREATE VIEW …` text; undefined when there is none. */
  viewText(schema: string, name: string): string | undefined;
  /** Every macro of that name in any schema: the engine prefers them to its own functions. */
  macros(name: string): readonly Macro[];
  /** Types created in the file. */
  hasType(name: string): boolean;
}
