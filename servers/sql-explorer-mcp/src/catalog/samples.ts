import { isToolError } from "@mcp-data/core";
import { createSensitiveNames } from "../search/sensitive-name.ts";
import { piiOf } from "../semantic/lookup.ts";
import type { Source } from "../source/source.ts";
import type { Samples } from "./describe-relation.ts";
import { rulesOf } from "./relation-rules.ts";
import type { Relation } from "./snapshot.ts";
import type { CatalogView } from "./view.ts";

const perColumn = 3;
const maxColumns = 60;

/** A few distinct values per column; none of columns that are denied, masked or sensitive by name. */
export async function readSamples(
  source: Source,
  view: CatalogView,
  relation: Relation,
  signal: AbortSignal,
): Promise<{ values: Samples; warnings: string[] }> {
  if (source.config.samples?.enabled === false || relation.kind === "foreign_table")
    return { values: {}, warnings: [] };
  const isSensitive = createSensitiveNames(source.config.samples?.deny_patterns ?? []);
  const rules = rulesOf(view.policy, relation);
  const columns = relation.columns
    .map((column) => column.name)
    .filter((name) => rules(name) === undefined && !isSensitive(name) && !isPersonal(view, relation, name))
    .slice(0, maxColumns);
  if (columns.length === 0) return { values: {}, warnings: [] };
  try {
    const values = await source.engine.samples(relation, columns, perColumn, view.access, signal);
    return { values, warnings: [] };
  } catch (thrown) {
    if (signal.aborted || !isToolError(thrown)) throw thrown;
    return { values: {}, warnings: [`No sample values: ${thrown.code}.`] };
  }
}

/** Marked as personal in the semantic model. */
function isPersonal({ semantic }: CatalogView, { schema, name }: Relation, column: string): boolean {
  return semantic !== undefined && piiOf(semantic, schema, name, column) !== "none";
}
