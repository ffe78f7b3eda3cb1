import { defineTool, type ToolContext, ToolError, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { idOf, resolveNode } from "../lineage/scope.ts";
import { walkColumns } from "../lineage/walk.ts";
import type { Services } from "../services.ts";
import {
  cursorField,
  listing,
  metaOutput,
  notebookField,
  readOnlyHints,
  readScope,
  rowsOutput,
} from "./fields.ts";
import { depthField } from "./get-lineage.ts";

const levels = ["exact", "inferred", "coarse"] as const;

export const getColumnLineage = defineTool({
  name: "get_column_lineage",
  title: "Get column lineage",
  description:
    "Returns which columns each column of a dataset comes from or goes to, all in one call, with a confidence; influences are filters, joins, groupings and sorts on all rows.",
  input: z.strictObject({
    dataset: z.string().min(1).describe("Variable, file or dataset id."),
    column: z.string().optional().describe("Absent: all."),
    notebook: notebookField,
    direction: z.enum(["upstream", "downstream"]).default("upstream").describe("Which way."),
    depth: depthField,
    confidence_min: z.enum(levels).default("coarse").describe("exact hides the rest."),
    cursor: cursorField,
    limit: z.int().min(1).max(500).default(200).describe("Per page."),
  }),
  output: z.object({
    ...metaOutput,
    dataset: untrusted(z.string()),
    edges: rowsOutput(),
    influences: rowsOutput(),
    without_source: untrusted(z.array(z.string())),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { memory } = context.services;
    await memory.fresh();
    const { datasets } = await resolveNode(memory, { node: input.dataset, notebook: input.notebook });
    const [dataset] = datasets;
    if (dataset === undefined || datasets.length > 1) {
      throw new ToolError("NOT_FOUND", "That is a cell, not one dataset.", {
        hint: `Ask for one of: ${datasets.map(idOf).join(", ") || "a variable or file"}.`,
      });
    }
    const columns = await columnsOf(memory, dataset.namespace, dataset.name);
    if (input.column !== undefined && columns.length > 0 && !columns.includes(input.column)) {
      throw new ToolError("NOT_FOUND", `The dataset has no column ${input.column.slice(0, 100)}.`, {
        hint: `It has ${columns.slice(0, 50).join(", ")}.`,
      });
    }
    const start = [{ ...dataset, column: input.column ?? null }];
    const all = await walkColumns(memory, start, input.direction, input.depth === 0 ? 50 : input.depth);
    const most = levels.indexOf(input.confidence_min);
    const good = all.filter(
      ({ confidence }) => Math.max(0, levels.indexOf(confidence as (typeof levels)[number])) <= most,
    );
    const direct = good.filter(({ type }) => type === "DIRECT");
    const indirect = good.filter(({ type }) => type !== "DIRECT");
    const edges = direct.map((edge) => ({
      from: idOf(edge.from),
      from_column: edge.from.column,
      to: idOf(edge.to),
      to_column: edge.to.column,
      transformation: edge.subtype,
      confidence: edge.confidence,
      ...(edge.masking ? { masking: true } : {}),
      distance: edge.distance,
    }));
    const { items, page, meta } = await listing({
      tool: "get_column_lineage",
      context,
      of: { ...input, cursor: undefined, limit: undefined },
      cursor: input.cursor,
      limit: input.limit,
      load: async (offset, limit) => ({ items: edges.slice(offset, offset + limit), total: edges.length }),
      why: async () => whyNoColumns(all.length, columns, dataset.namespace),
    });
    const sourced = new Set(direct.filter(({ distance }) => distance === 1).map(({ to }) => to.column));
    return {
      data: {
        ...meta,
        dataset: idOf(dataset),
        edges: items,
        influences: indirect.slice(0, 200).map((edge) => ({
          from: idOf(edge.from),
          from_column: edge.from.column,
          to: idOf(edge.to),
          kind: edge.subtype,
          distance: edge.distance,
        })),
        without_source:
          input.direction === "upstream" && input.column === undefined
            ? columns.filter((column) => !sourced.has(column))
            : [],
      },
      page,
    };
  },
});

async function columnsOf(memory: Services["memory"], namespace: string, name: string): Promise<string[]> {
  const [row] = await memory.rows(
    "SELECT columns FROM dataset_versions WHERE namespace = $1 AND name = $2 ORDER BY created_at DESC LIMIT 1",
    [namespace, name],
  );
  if (row === undefined) return [];
  return (JSON.parse(String(row.columns)) as [string, string | null][]).map(([column]) => column);
}

function whyNoColumns(found: number, columns: readonly string[], namespace: string): string {
  if (found > 0) return "coarse: edges exist, but none of the confidence asked for";
  if (namespace !== "inmemory://") return "a file or external table: nothing recorded made it";
  return columns.length === 0
    ? "never ran: no run made it"
    : "its columns are literals, or were made by something that is not captured";
}
