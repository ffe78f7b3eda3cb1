import { isToolError, ToolError } from "@mcp-data/core";
import { suggest } from "../../search/suggest.ts";
import { type Catalog, relationKey } from "../catalog/catalog.ts";
import { columnRules } from "../walls/relation-rules.ts";
import type { Statement } from "../walls/statement.ts";

const undefinedColumn = "42703";

/** Adds near column names to "column does not exist" when the server has no idea itself. */
export async function withNearColumns<T>(
  catalog: Catalog,
  statement: Statement,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isToolError(error) || error.details?.sqlstate !== undefinedColumn || error.hint !== undefined)
      throw error;
    const near = suggest(missingName(error.message), usableColumns(catalog, statement));
    if (near.length === 0) throw error;
    throw new ToolError(error.code, error.message, {
      hint: `Did you mean ${near.join(", ")}?`,
      details: { ...error.details, suggestions: near },
      cause: error,
    });
  }
}

// The message is translated, the quoted name in it is not.
function missingName(message: string): string {
  const quoted = /["«„“](.+?)["»”]/.exec(message)?.[1] ?? /(\S+\.\S+)/.exec(message)?.[1] ?? "";
  return quoted.slice(quoted.lastIndexOf(".") + 1);
}

function usableColumns(catalog: Catalog, { accepted, policy }: Statement): string[] {
  return accepted.tables.flatMap((table) => {
    const relation = catalog.byName.get(relationKey(table.schema, table.name));
    if (relation === undefined) return [];
    const rules = columnRules(catalog, policy, relation);
    return relation.columns.filter((column) => rules?.(column) !== "deny");
  });
}
