import { type Accepted, type CompiledPolicy, rejectionError, ToolError } from "@mcp-data/core";
import type { ResultColumn } from "../../engine/engine.ts";
import { type Catalog, relationKey } from "../catalog/catalog.ts";
import type { Field } from "../protocol/step.ts";
import { typeName } from "../values/types.ts";
import { columnRules } from "./relation-rules.ts";

/** Shown instead of a masked value, nulls included. */
export const mask = "***";

/** The statement's relation is newer than the catalog; a fresh one may settle it. */
export const staleCatalog = "stale_catalog";

/**
 * Names, types and masks of a result by where the server says each column comes from, on top of what the text gate
 * found. A withheld column is refused, and so is a masked one that the statement uses without showing it.
 */
export function resultColumns(
  fields: readonly Field[],
  catalog: Catalog,
  policy: CompiledPolicy,
  hasRules: boolean,
  used: Pick<Accepted, "tables" | "columns" | "maskedOutputs">,
): ResultColumn[] {
  const byName = new Set(used.maskedOutputs);
  const shown = new Set<string>();
  const columns = fields.map((field): ResultColumn => {
    const type = typeName(catalog.types, field.dataTypeID, field.dataTypeModifier);
    if (byName.has(field.name)) return { name: field.name, type, masked: true };
    if (!hasRules || field.tableID === 0 || field.columnID <= 0) return { name: field.name, type };
    const relation = catalog.byOid.get(field.tableID);
    const column = relation?.columnsByNumber.get(field.columnID);
    if (relation === undefined || column === undefined) throw stale();
    const judgement = columnRules(catalog, policy, relation)?.(column);
    if (judgement === "deny") throw withheld(column);
    if (judgement === undefined) return { name: field.name, type };
    shown.add(`${relation.schema}.${relation.name}.${column}`);
    return { name: field.name, type, masked: true };
  });
  if (hasRules && byName.size === 0) {
    for (const column of maskedAmong(used, catalog, policy)) if (!shown.has(column)) throw hidden(column);
  }
  return columns;
}

function maskedAmong(
  used: Pick<Accepted, "tables" | "columns">,
  catalog: Catalog,
  policy: CompiledPolicy,
): string[] {
  const columns = new Set(used.columns);
  return used.tables.flatMap((table) => {
    const relation = catalog.byName.get(relationKey(table.schema, table.name));
    const rules = relation && columnRules(catalog, policy, relation);
    if (relation === undefined || rules === undefined) return [];
    return relation.columns
      .filter((column) => rules(column) === "mask")
      .map((column) => `${relation.schema}.${relation.name}.${column}`)
      .filter((column) => columns.has(column));
  });
}

function stale(): ToolError {
  return new ToolError("CONFLICT", "The database's schema changed while the statement was checked.", {
    hint: "Send it again.",
    details: { reason: staleCatalog },
  });
}

function withheld(column: string): ToolError {
  return rejectionError({
    ok: false,
    reason: "column_not_allowed",
    message: `The column ${column} is withheld.`,
    hint: "describe_table shows which columns may be used.",
    details: { column },
  });
}

function hidden(column: string): ToolError {
  return rejectionError({
    ok: false,
    reason: "column_not_allowed",
    message: `The masked column ${column} can only be returned as it is.`,
    hint: "Select it as a plain output column, or leave it out.",
    details: { column },
  });
}
