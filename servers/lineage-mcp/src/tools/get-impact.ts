import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { idOf, labelOf, resolveNode } from "../lineage/scope.ts";
import { keyOf, walkColumns, walkDatasets } from "../lineage/walk.ts";
import type { Services } from "../services.ts";
import { metaOutput, notebookField, readOnlyHints, readScope, rowsOutput } from "./fields.ts";
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
  }),
  output: z.object({
    ...metaOutput,
    counts: z.object({ datasets: z.int(), files: z.int(), columns: z.int(), cells: z.int() }),
    affected: rowsOutput(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, { services }: ToolContext<Services>) {
    const { memory } = services;
    const fresh = await memory.fresh();
    const { datasets } = await resolveNode(memory, input);
    const columns = await walkColumns(
      memory,
      datasets.map((each) => ({ ...each, column: input.column ?? null })),
      "downstream",
      50,
    );
    const found = new Map<
      string,
      {
        dataset: (typeof datasets)[number];
        run: string;
        distance: number;
        columns: Set<string>;
        whole: boolean;
      }
    >();
    const touch = (dataset: (typeof datasets)[number], run: string, distance: number) => {
      const known = found.get(keyOf(dataset)) ?? {
        dataset,
        run,
        distance,
        columns: new Set<string>(),
        whole: false,
      };
      found.set(keyOf(dataset), known);
      return known;
    };
    if (input.column === undefined) {
      for (const edge of (await walkDatasets(memory, datasets, "downstream", 50)).edges)
        touch(edge.to, edge.run, edge.distance);
    }
    for (const edge of columns) {
      const one = touch(edge.to, edge.run, edge.distance);
      if (edge.to.column === null) one.whole = true;
      else one.columns.add(edge.to.column);
    }
    const cells = await cellsOf(memory, [...new Set([...found.values()].map(({ run }) => run))]);
    const affected = [...found.values()]
      .sort((a, b) => a.distance - b.distance || idOf(a.dataset).localeCompare(idOf(b.dataset)))
      .map(({ dataset, run, distance, columns: touched, whole }) => ({
        dataset: idOf(dataset),
        label: labelOf(dataset),
        kind: dataset.namespace === "inmemory://" ? "variable" : "file",
        cell: cells.get(run) ?? "",
        distance,
        columns: [...touched].slice(0, 50),
        ...(touched.size > 50 ? { more_columns: touched.size - 50 } : {}),
        ...(whole ? { all_rows: true } : {}),
      }));
    const shown = affected.slice(0, 100);
    return {
      data: {
        ...fresh,
        total: affected.length,
        returned: shown.length,
        truncated: shown.length < affected.length,
        counts: {
          datasets: affected.length,
          files: affected.filter(({ kind }) => kind === "file").length,
          columns: [...found.values()].reduce((sum, { columns: touched }) => sum + touched.size, 0),
          cells: new Set(affected.map(({ cell }) => cell)).size,
        },
        affected: shown,
        ...(affected.length === 0 ? { reason: "nothing recorded uses it" } : {}),
      },
    };
  },
});

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
