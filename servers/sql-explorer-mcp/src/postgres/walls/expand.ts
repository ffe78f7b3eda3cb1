import { type CompiledPolicy, type Rejected, rejectionError, type TableAccess } from "@mcp-data/core";
import { type Catalog, type NamedRelation, relationKey } from "../catalog/catalog.ts";
import { columnRules, mayRead } from "./relation-rules.ts";

/** What the statement's relations lead to, by the catalog alone. */
export interface Expansion {
  /** Relations that are readable only because a trusted view reads them. */
  readonly trusted: ReadonlySet<number>;
  /** Views whose own text must be checked: they read a table with withheld columns. */
  readonly unclear: readonly NamedRelation[];
  /** Untrusted views whose text runs with the statement; what is below a materialised view was run before. */
  readonly running: readonly NamedRelation[];
  /** `schema.table` of the tables behind untrusted views. */
  readonly behind: readonly string[];
}

/**
 * Views, materialised ones included, must read only what the caller may read; a trusted view may read anything.
 * Throws VALIDATION_ERROR.
 */
export function expandRelations(
  catalog: Catalog,
  policy: CompiledPolicy,
  tables: readonly TableAccess[],
): Expansion {
  const trusted = new Set<number>();
  const unclear = new Map<number, NamedRelation>();
  const running = new Map<number, NamedRelation>();
  const behind = new Set<string>();
  const seen = new Set<string>();

  const trust = (oid: number) => {
    for (const read of catalog.viewReads.get(oid) ?? []) {
      if (trusted.has(read.oid)) continue;
      trusted.add(read.oid);
      trust(read.oid);
    }
  };
  const expand = (view: NamedRelation, named: TableAccess, stored: boolean) => {
    const visit = `${view.oid} ${stored}`;
    if (seen.has(visit)) return;
    seen.add(visit);
    if (policy.trustedView(view.schema, view.name)) {
      trust(view.oid);
      return;
    }
    if (view.kind === "view" && !stored) running.set(view.oid, view);
    for (const read of catalog.viewReads.get(view.oid) ?? []) {
      if (!mayRead(catalog, policy, read)) throw rejectionError(behindView(named));
      if (columnRules(catalog, policy, read) !== undefined) unclear.set(view.oid, view);
      if (!catalog.viewReads.has(read.oid)) behind.add(`${read.schema}.${read.name}`);
      expand(read, named, stored || view.kind === "materialized_view");
    }
  };

  for (const table of tables) {
    const relation = catalog.anyByName.get(relationKey(table.schema, table.name));
    if (relation === undefined) continue;
    expand(relation, table, false);
  }
  return {
    trusted,
    unclear: [...unclear.values()],
    running: [...running.values()],
    behind: [...behind],
  };
}

function behindView(view: TableAccess): Rejected {
  return {
    ok: false,
    reason: "table_not_allowed",
    message: `The view ${view.schema}.${view.name} reads a relation that is not allowed here.`,
    hint: "Query the tables list_tables shows; the operator can list the view under trusted_views.",
    details: { relation: `${view.schema}.${view.name}` },
  };
}
