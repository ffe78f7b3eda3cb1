import { asToolError } from "@mcp-data/core";
import { ageSeconds, type CatalogView } from "../catalog/view.ts";
import type { Source } from "./source.ts";

/** What an agent is told of a source. A source that does not answer is listed with the reason, not hidden. */
export async function describeSource(source: Source, signal: AbortSignal) {
  const { id, config, limits } = source;
  const fixed = {
    id,
    kind: config.kind,
    dialect: config.kind === "postgres" ? "PostgreSQL" : "DuckDB",
    ...(config.description === undefined ? {} : { description: config.description }),
    limits: {
      max_rows: limits.maxRows,
      hard_max_rows: limits.hardMaxRows,
      timeout_ms: limits.timeoutMs,
      max_cell_chars: limits.maxCellChars,
      ...(limits.maxCost === undefined ? {} : { max_cost: limits.maxCost }),
    },
  };
  try {
    const view = await source.view(signal);
    return {
      source: {
        ...fixed,
        available: true,
        schemas: [...view.access.policy.schemas],
        tables: view.relations.length,
        policy: policySummary(view),
        catalog_age_seconds: ageSeconds(view),
      },
      warnings: view.warnings,
    };
  } catch (thrown) {
    const error = asToolError(thrown);
    if (signal.aborted || error.code === "INTERNAL_ERROR") throw thrown;
    return {
      source: { ...fixed, available: false, schemas: [...(config.schemas ?? [])], policy: {} },
      warnings: [`Source ${id}: ${error.code}: ${error.message}`],
    };
  }
}

/** The lists as configured; names of excluded tables are withheld, only their number is told. */
function policySummary({ access, snapshot, relations }: CatalogView): Record<string, unknown> {
  const { allowTables, columns } = access.policy;
  const rules = Object.values(columns ?? {});
  const denied = rules.reduce((sum, rule) => sum + (rule.deny?.length ?? 0), 0);
  const masked = rules.reduce((sum, rule) => sum + (rule.mask?.length ?? 0), 0);
  const withheld = snapshot.relations.length - relations.length;
  return {
    statements: "one SELECT per call",
    ...(allowTables === undefined ? {} : { allow_tables: allowTables.slice(0, 50) }),
    ...(withheld > 0 ? { withheld_relations: withheld } : {}),
    ...(denied > 0 ? { denied_column_rules: denied } : {}),
    ...(masked > 0 ? { masked_column_rules: masked } : {}),
  };
}
