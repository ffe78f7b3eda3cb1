import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { scopeOf } from "../lineage/scope.ts";
import type { Services } from "../services.ts";
import {
  cursorField,
  limitField,
  metaOutput,
  notebookField,
  readOnlyHints,
  readScope,
  rowsOutput,
  sinceField,
} from "./fields.ts";
import { utc } from "./list-sessions.ts";
import { sqlListing } from "./list-tool.ts";

const selects = {
  cell: `SELECT notebook_hash, cell_name, cell_id, count(*) AS runs, count(*) FILTER (status = 'failed') AS failed, sum(duration_ms) AS total_ms,
           median(duration_ms) AS median_ms, max(duration_ms) AS max_ms, sum(cpu_ms) AS cpu_ms, max(end_memory_mb - start_memory_mb) AS max_memory_delta_mb,
           sum(capture_overhead_ms) AS capture_overhead_ms
         FROM cell_runs WHERE ($1 = '' OR notebook_hash = $1) AND ($2 = '' OR started_at >= CAST($2 AS TIMESTAMP)) AND parent_run_id IS NULL GROUP BY ALL`,
  session: `SELECT session_id, notebook_hash, mode, count(*) AS runs, count(*) FILTER (status = 'failed') AS failed, sum(duration_ms) AS total_ms,
           max(duration_ms) AS max_ms, sum(cpu_ms) AS cpu_ms, max(end_memory_mb) AS peak_memory_mb, sum(capture_overhead_ms) AS capture_overhead_ms
         FROM cell_runs WHERE ($1 = '' OR notebook_hash = $1) AND ($2 = '' OR started_at >= CAST($2 AS TIMESTAMP)) AND parent_run_id IS NULL GROUP BY ALL`,
  operation: `SELECT library, op, count(*) AS calls, sum(duration_ms) AS total_ms, median(duration_ms) AS median_ms, max(duration_ms) AS max_ms
         FROM df_ops WHERE ($1 = '' OR notebook_hash = $1) AND ($2 = '' OR "at" >= CAST($2 AS TIMESTAMP)) GROUP BY ALL`,
};

export const getPerformance = defineTool({
  name: "get_performance",
  title: "Get performance",
  description: "Returns where time and memory go, most time first, and what the recording itself cost.",
  input: z.strictObject({
    group_by: z.enum(["cell", "operation", "session"]).default("cell").describe("Sums per what."),
    notebook: notebookField,
    since: sinceField,
    cursor: cursorField,
    limit: limitField,
  }),
  output: z.object({ ...metaOutput, groups: rowsOutput() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run({ group_by, notebook, since, cursor, limit }, context: ToolContext<Services>) {
    const { hash } = await scopeOf(context.services.memory, notebook);
    const { items, page, meta } = await sqlListing({
      tool: "get_performance",
      context,
      of: [group_by, hash, since],
      cursor,
      limit,
      select: selects[group_by],
      order: "total_ms DESC NULLS LAST, ALL".replace(", ALL", ""),
      params: [hash, utc(since)],
      asked: "that notebook and time",
    });
    return { data: { ...meta, groups: items.map(rounded) }, page };
  },
});

function rounded(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "number" ? Math.round(value * 1000) / 1000 : value,
    ]),
  );
}
