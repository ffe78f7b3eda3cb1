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

const orders = {
  latest: "started_at DESC NULLS LAST, run_id",
  slowest: "duration_ms DESC NULLS LAST, run_id",
  memory: "memory_delta_mb DESC NULLS LAST, run_id",
};

export const getCellRuns = defineTool({
  name: "get_cell_runs",
  title: "Get cell runs",
  description:
    "Returns executions of cells with status, duration, CPU and memory. For tracebacks use get_errors, for totals get_performance.",
  input: z.strictObject({
    notebook: notebookField,
    cell: z.string().optional().describe("Cell name or id."),
    status: z
      .enum(["completed", "failed", "interrupted", "running", "skipped", "stopped"])
      .optional()
      .describe("Only these."),
    since: sinceField,
    order: z.enum(["latest", "slowest", "memory"]).default("latest").describe("Which first."),
    cursor: cursorField,
    limit: limitField,
  }),
  output: z.object({ ...metaOutput, runs: rowsOutput() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { hash, session } = await scopeOf(context.services.memory, input.notebook);
    const params: string[] = [];
    const bound = (value: string) => `$${params.push(value)}`;
    const from = input.cell ? ofCell(bound(input.cell)) : "cell_runs";
    const since = utc(input.since);
    const where = [
      ...(hash === "" ? [] : [`notebook_hash = ${bound(hash)}`]),
      ...(session === "" ? [] : [`session_id = ${bound(session)}`]),
      ...(input.status === undefined ? [] : [`status = ${bound(input.status)}`]),
      ...(since === "" ? [] : [`started_at >= CAST(${bound(since)} AS TIMESTAMP)`]),
    ];
    const { items, page, meta } = await sqlListing({
      tool: "get_cell_runs",
      context,
      of: [hash, input.cell, session, input.status, input.since, input.order],
      cursor: input.cursor,
      limit: input.limit,
      select: `SELECT run_id, session_id, notebook_hash, cell_id, cell_name, cell_index, code_hash, mode, trigger, status, started_at, duration_ms, cpu_ms,
                 start_memory_mb, end_memory_mb, end_memory_mb - start_memory_mb AS memory_delta_mb, error_type, capture_overhead_ms, events_dropped, parent_run_id, inferred
               FROM ${from}${where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`}`,
      order: orders[input.order],
      params,
      asked: "these filters",
    });
    return { data: { ...meta, runs: items.map(filled) }, page };
  },
});

/** Each half is a comparison the engine makes while it scans; one of both together it makes row by row. */
function ofCell(cell: string): string {
  return `(SELECT * FROM cell_runs WHERE cell_name = ${cell} UNION ALL SELECT * FROM cell_runs WHERE cell_id = ${cell} AND cell_name IS DISTINCT FROM ${cell})`;
}

/** Without the empty fields. */
export function filled<T extends Readonly<Record<string, unknown>>>(row: T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
