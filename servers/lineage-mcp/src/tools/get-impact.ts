import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { type Affected, affectedBy, confidences } from "../lineage/affected.ts";
import { requireColumn } from "../lineage/columns-of.ts";
import { idOf, labelOf, resolveNode } from "../lineage/scope.ts";
import { maxEdges } from "../lineage/walk.ts";
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
import { nodeField } from "./get-lineage.ts";

export const getImpact = defineTool({
  name: "get_impact",
  title: "Get impact",
  description:
    "Returns what depends on a frame, file, cell or column: datasets, cells, written files and columns, with counts.",
  input: z.strictObject({
    node: nodeField,
    column: z.string().optional().describe("Only this column."),
    notebook: notebookField,
    cursor: cursorField,
  }),
  output: z.object({
    ...metaOutput,
    counts: z.object({ datasets: z.int(), files: z.int(), columns: z.int(), cells: z.int() }),
    affected: rowsOutput(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { memory } = context.services;
    await memory.fresh();
    const { datasets } = await resolveNode(memory, input);
    if (input.column !== undefined) await requireColumn(memory, datasets, input.column);
    const { affected: found, cut } = await affectedBy(memory, datasets, input.column);
    const cells = await cellsOf(memory, [...new Set(found.map(({ run }) => run))]);
    const affected = found.map((one) => shown(one, cells.get(one.run) ?? ""));
    const { items, page, meta } = await listing<Record<string, unknown>>({
      tool: "get_impact",
      context,
      of: { ...input, cursor: undefined },
      cursor: input.cursor,
      limit: 500,
      load: async (offset) => ({ items: affected.slice(offset), total: affected.length }),
      why: async () => "nothing recorded uses it",
    });
    return {
      data: {
        ...meta,
        counts: {
          datasets: affected.length,
          files: affected.filter(({ kind }) => kind === "file").length,
          columns: found.reduce((sum, { columns }) => sum + columns.size, 0),
          cells: new Set(affected.map(({ cell }) => cell)).size,
        },
        affected: items,
      },
      page,
      ...(cut ? { warnings: [`Only the nearest ${maxEdges} edges were followed: there is more.`] } : {}),
    };
  },
});

function shown({ dataset, distance, columns, whole }: Affected, cell: string): Record<string, unknown> {
  const ranks = [...new Set(columns.values())].sort();
  return {
    dataset: idOf(dataset),
    label: labelOf(dataset),
    kind: dataset.namespace === "inmemory://" ? "variable" : "file",
    cell,
    distance,
    columns: [...columns.keys()].slice(0, 50),
    ...(columns.size > 50 ? { more_columns: columns.size - 50 } : {}),
    // Nothing is known of its columns: any may depend on it.
    confidence: confidences[ranks.at(-1) ?? (whole ? 0 : 2)],
    ...(ranks.length > 1 ? { surer: namesOf(columns, ranks.slice(0, -1)) } : {}),
    ...(whole ? { all_rows: true } : {}),
  };
}

function namesOf(columns: ReadonlyMap<string, number>, ranks: readonly number[]): Record<string, string[]> {
  return Object.fromEntries(
    ranks.map((rank) => [
      confidences[rank],
      [...columns]
        .filter(([, each]) => each === rank)
        .map(([name]) => name)
        .slice(0, 50),
    ]),
  );
}

async function cellsOf(memory: Services["memory"], runs: readonly string[]): Promise<Map<string, string>> {
  const rows = await memory.rows(
    "SELECT run_id, cell_name, cell_id FROM cell_runs WHERE run_id IN (SELECT unnest(from_json($1::JSON, '[\"VARCHAR\"]')))",
    [JSON.stringify(runs)],
  );
  return new Map(
    rows.map((row) => [
      String(row.run_id),
      row.cell_name === "_" ? String(row.cell_id) : String(row.cell_name),
    ]),
  );
}
