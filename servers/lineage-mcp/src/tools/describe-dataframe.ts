import { defineTool, type ToolContext, ToolError, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { idOf, notOne, resolveNode } from "../lineage/scope.ts";
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
import { filled } from "./get-cell-runs.ts";

export const describeDataframe = defineTool({
  name: "describe_dataframe",
  title: "Describe DataFrame",
  description:
    "Returns a frame or file as a run left it: columns, types, rows, bytes, the operation that made it, earlier versions. Never values.",
  input: z.strictObject({
    name: z.string().min(1).describe("Variable, file or dataset id."),
    notebook: notebookField,
    version: z.string().optional().describe("From history; absent: the latest."),
    cursor: cursorField,
  }),
  output: z.object({
    ...metaOutput,
    dataset: untrusted(z.string()),
    columns: rowsOutput(),
    made_by: rowsOutput(),
    history: rowsOutput(),
    rows: z.number().nullable(),
    bytes: z.number().nullable(),
    version: z.string(),
    confidence: z.string(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { memory } = context.services;
    await memory.fresh();
    const { datasets } = await resolveNode(memory, { node: input.name, notebook: input.notebook });
    const [dataset] = datasets;
    if (dataset === undefined || datasets.length > 1) throw notOne(datasets);
    const versions = await memory.rows(
      `SELECT v.version, v.run_id, v.row_count AS rows, v.bytes, v.columns, v.confidence, v.created_at, r.cell_name, r.cell_id, r.status FROM dataset_versions v
       LEFT JOIN cell_runs r USING (run_id) WHERE v.namespace = $1 AND v.name = $2 ORDER BY v.created_at DESC LIMIT 50`,
      [dataset.namespace, dataset.name],
    );
    const latest =
      input.version === undefined ? versions[0] : versions.find(({ version }) => version === input.version);
    if (latest === undefined) {
      throw new ToolError(
        "NOT_FOUND",
        input.version === undefined
          ? "Nothing recorded made this; it was only read."
          : "There is no such version.",
        {
          hint:
            input.version === undefined
              ? "get_impact shows what uses it."
              : `Versions are ${versions
                  .map(({ version }) => String(version))
                  .slice(0, 10)
                  .join(", ")}.`,
        },
      );
    }
    const [operation] = await memory.rows(
      "SELECT op, family, library, line, confidence, duration_ms FROM df_ops WHERE run_id = $1 AND (outputs->>'$[0].uid') = $2 ORDER BY seq DESC LIMIT 1",
      [String(latest.run_id), String(latest.version)],
    );
    const columns = JSON.parse(String(latest.columns)) as [string, string | null][];
    const { items, page, meta } = await listing<Record<string, unknown>>({
      tool: "describe_dataframe",
      context,
      of: [idOf(dataset), latest.version],
      cursor: input.cursor,
      limit: 500,
      load: async (offset) => ({
        items: columns.slice(offset).map(([name, type]) => filled({ name, type })),
        total: columns.length,
      }),
      why: async () => "its columns were not seen",
    });
    return {
      data: {
        ...meta,
        dataset: idOf(dataset),
        version: String(latest.version),
        rows: latest.rows === null ? null : Number(latest.rows),
        bytes: latest.bytes === null ? null : Number(latest.bytes),
        confidence: String(latest.confidence),
        columns: items,
        made_by: [
          filled({
            cell: latest.cell_name === "_" ? latest.cell_id : latest.cell_name,
            run_id: latest.run_id,
            status: latest.status,
            at: latest.created_at,
            ...(operation ?? {}),
          }),
        ],
        history: versions.slice(0, 20).map(({ columns: _, ...version }) => filled(version)),
      },
      page,
    };
  },
});
