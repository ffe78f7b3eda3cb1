import type { CompiledPolicy, SqlPolicy, Verdict } from "@mcp-data/core";
import { isTypeOpened } from "../../catalog/opened.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { quoteName } from "../protocol/quote.ts";

/** Columns of the relation that no statement may name, for what their type could run; `*` for all of them. */
export function closedColumns(catalog: Catalog, policy: CompiledPolicy, oid: number): readonly string[] {
  return (catalog.callingColumns.get(oid) ?? [])
    .filter((found) => !isTypeOpened(found, policy))
    .map(({ column }) => column);
}

/** The policy with those columns withheld; itself where there are none. */
export function withClosedColumns(catalog: Catalog, policy: SqlPolicy, compiled: CompiledPolicy): SqlPolicy {
  const closed = [...catalog.byOid.values()].flatMap(({ oid, schema, name }) => {
    const deny = closedColumns(catalog, compiled, oid);
    const columns = deny.map((column) => (column === "*" ? column : quoteName(column)));
    return deny.length === 0 ? [] : [[`${quoteName(schema)}.${quoteName(name)}`, columns] as const];
  });
  if (closed.length === 0) return policy;
  const columns = { ...policy.columns };
  for (const [table, deny] of closed) {
    columns[table] = { ...columns[table], deny: [...(columns[table]?.deny ?? []), ...deny] };
  }
  return { ...policy, columns };
}

/** Says why a column without a rule is refused. */
export function withTypeHint(verdict: Verdict, isClosed: boolean): Verdict {
  if (verdict.ok || !isClosed || verdict.reason !== "column_not_allowed") return verdict;
  return {
    ...verdict,
    hint: `${verdict.hint ?? ""} Columns of a type that runs functions of this database stay closed until the operator lists the type under functions.allow.`.trim(),
  };
}
