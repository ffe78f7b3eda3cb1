import type { GateRelation } from "../policy.ts";
import type { Rejected } from "../verdict.ts";
import { foldName } from "./ast.ts";
import type { DuckdbCatalog } from "./catalog.ts";
import { opaque } from "./refusals.ts";
import { viewBody } from "./view-body.ts";

/** A text that stands behind a name of the statement. */
export interface Expansion {
  readonly label: string;
  /** One SELECT. */
  readonly text: string;
  /** Whose columns its expressions can name. */
  readonly sees: "caller" | "itself";
  /** Schema its bare names may be looked up in first. */
  readonly home: string;
}

export function viewExpansion(view: GateRelation, catalog: DuckdbCatalog): Expansion | Rejected {
  const label = `the view ${view.schema}.${view.name}`;
  const created = catalog.viewText(foldName(view.schema), foldName(view.name));
  const text = created === undefined ? undefined : viewBody(created);
  return text === undefined ? opaque(label) : { label, text, sees: "itself", home: view.schema };
}

export function expandMacros(name: string, catalog: DuckdbCatalog): Expansion[] {
  return catalog.macros(name).map(({ schema, kind, body }) => ({
    label: `the macro ${name}`,
    text: kind === "table" ? body : `SELECT (${body}\n)`,
    sees: kind === "table" ? "itself" : "caller",
    home: schema,
  }));
}
