import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { walkInside } from "../lineage/inside-cell.ts";
import { operationsOf } from "../lineage/operations.ts";
import { type Dataset, idOf, labelOf, resolveNode } from "../lineage/scope.ts";
import { allTheWay, type Edge, keyOf, walkColumns, walkDatasets } from "../lineage/walk.ts";
import type { Direction } from "../lineage/walk-sql.ts";
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

export const nodeField = z.string().min(1).describe("Variable, file, dataset id, or cell.");
export const depthField = z.int().min(0).max(50).default(3).describe("0: all.");

export const getLineage = defineTool({
  name: "get_lineage",
  title: "Get lineage",
  description:
    "Returns where a frame, file or cell came from, or what came of it, with the cell that made each; level op lists the operations. For columns use get_column_lineage.",
  input: z.strictObject({
    node: nodeField,
    notebook: notebookField,
    direction: z.enum(["upstream", "downstream", "both"]).default("upstream").describe("Which way."),
    depth: depthField,
    level: z.enum(["dataset", "cell", "op"]).default("dataset").describe("What nodes are."),
    include_columns: z.boolean().default(false).describe("Column edges too."),
    cursor: cursorField,
    limit: z.int().min(1).max(500).default(100).describe("Per page."),
  }),
  output: z.object({
    ...metaOutput,
    root: untrusted(z.array(z.string())),
    nodes: rowsOutput(),
    edges: rowsOutput(),
    depth_reached: z.boolean().describe("More lies beyond the depth."),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { memory } = context.services;
    await memory.fresh();
    const found = await resolveNode(memory, input);
    const directions: Direction[] =
      input.direction === "both" ? ["upstream", "downstream"] : [input.direction];
    const depth = input.depth === 0 ? allTheWay : input.depth;
    let start = [...found.datasets];
    if (start.length === 0 && found.run !== undefined && input.direction !== "downstream")
      start = await inputsOf(memory, found.run);
    const walks = await Promise.all(
      directions.map((direction) => walkDatasets(memory, start, direction, depth)),
    );
    if (found.cell === undefined && directions.includes("downstream"))
      walks.push(await walkInside(memory, start, depth));
    const edges = distinctEdges(walks.flatMap((walk) => walk.edges));
    const nodes = distinct(start, edges);
    const runs = await runsOf(memory, nodes);
    const items =
      input.level === "op"
        ? (
            await operationsOf(memory, [
              ...new Set([
                ...edges.map((edge) => edge.run),
                ...[...runs.made.values()].map((run) => run.run_id),
              ]),
            ])
          ).map(filled)
        : input.level === "cell"
          ? cellEdges(edges, runs.made)
          : [];
    const shownEdges = input.level === "dataset" ? edges : [];
    const columns =
      input.include_columns && input.level === "dataset"
        ? await columnsBetween(memory, start, directions, depth)
        : [];
    const {
      items: shown,
      page,
      meta,
    } = await listing<Record<string, unknown>>({
      tool: "get_lineage",
      context,
      of: { ...input, cursor: undefined, limit: undefined },
      cursor: input.cursor,
      limit: input.limit,
      load: async (offset, limit) => {
        const rest = [...items, ...columns];
        const from = shownEdges.length;
        const page = shownEdges.slice(offset, offset + limit).map((edge) => datasetEdge(edge, runs.cells));
        page.push(...rest.slice(Math.max(0, offset - from), Math.max(0, offset + limit - from)));
        return { items: page, total: from + rest.length };
      },
      why: async () => whyNoEdges(memory, start, found.run, input.direction),
    });
    const kept = new Set(shown.flatMap((edge) => [edge.from, edge.to]));
    const rooted = new Set(start.map(keyOf));
    return {
      data: {
        ...meta,
        root: found.cell === undefined ? start.map(idOf) : [found.cell],
        nodes:
          input.level === "dataset"
            ? nodes
                .filter((each) => rooted.has(keyOf(each)) || kept.has(idOf(each)))
                .map((each) => nodeOf(each, runs.made))
            : [],
        edges: shown,
        depth_reached: walks.some((walk) => walk.cut),
      },
      page,
    };
  },
});

function distinctEdges(edges: readonly Edge[]): Edge[] {
  const known = new Map<string, Edge>();
  for (const edge of edges) {
    const key = JSON.stringify([keyOf(edge.from), keyOf(edge.to), edge.run]);
    if (!known.has(key)) known.set(key, edge);
  }
  return [...known.values()];
}

interface Made {
  readonly run_id: string;
  readonly cell: string;
  readonly status: string;
  readonly rows: unknown;
  readonly confidence: unknown;
}

/** Each once; a walk names a dataset by one object, so few keys are made. */
function distinct(start: readonly Dataset[], edges: readonly Edge[]): Dataset[] {
  const objects = new Set(start);
  for (const { from, to } of edges) objects.add(from).add(to);
  return [...new Map([...objects].map((each) => [keyOf(each), each])).values()];
}

async function runsOf(memory: Services["memory"], nodes: readonly Dataset[]) {
  const rows = await memory.rows(
    `WITH f AS (SELECT x[1] AS ns, x[2] AS name FROM (SELECT unnest(from_json($1::JSON, '[["VARCHAR"]]')) AS x)),
          v AS (SELECT namespace, name, max_by({run_id: run_id, row_count: row_count, confidence: confidence}, created_at) AS latest FROM dataset_versions v WHERE (namespace, name) IN (SELECT ns, name FROM f) GROUP BY ALL)
     SELECT v.namespace, v.name, v.latest.run_id AS run_id, v.latest.row_count AS row_count, v.latest.confidence AS confidence, r.cell_name, r.cell_id, r.status
     FROM v LEFT JOIN cell_runs r ON r.run_id = v.latest.run_id`,
    [JSON.stringify(nodes.map(({ namespace, name }) => [namespace, name]))],
  );
  const made = new Map<string, Made>();
  const cells = new Map<string, string>();
  for (const row of rows) {
    const cell =
      row.cell_name === "_" || row.cell_name === null ? String(row.cell_id ?? "") : String(row.cell_name);
    made.set(`${String(row.namespace)}\n${String(row.name)}`, {
      run_id: String(row.run_id),
      cell,
      status: String(row.status ?? "unknown"),
      rows: row.row_count,
      confidence: row.confidence,
    });
    cells.set(String(row.run_id), cell);
  }
  return { made, cells };
}

function nodeOf(dataset: Dataset, made: ReadonlyMap<string, Made>): Record<string, unknown> {
  const by = made.get(keyOf(dataset));
  return filled({
    id: idOf(dataset),
    label: labelOf(dataset),
    kind:
      dataset.namespace === "inmemory://" ? "variable" : dataset.namespace === "file" ? "file" : "external",
    cell: by?.cell ?? null,
    run_id: by?.run_id ?? null,
    status: by?.status ?? null,
    rows: by?.rows ?? null,
    confidence: by?.confidence ?? null,
  });
}

function datasetEdge(edge: Edge, cells: ReadonlyMap<string, string>): Record<string, unknown> {
  return {
    from: idOf(edge.from),
    to: idOf(edge.to),
    cell: cells.get(edge.run) ?? "",
    run_id: edge.run,
    distance: edge.distance,
  };
}

function cellEdges(edges: readonly Edge[], made: ReadonlyMap<string, Made>): Record<string, unknown>[] {
  const found = new Map<string, { from: string; to: string; through: string[] }>();
  for (const edge of edges) {
    const from = made.get(keyOf(edge.from))?.cell || labelOf(edge.from);
    const to = made.get(keyOf(edge.to))?.cell || labelOf(edge.to);
    if (from === to) continue;
    const known = found.get(`${from}\n${to}`);
    if (known === undefined) found.set(`${from}\n${to}`, { from, to, through: [labelOf(edge.from)] });
    else if (!known.through.includes(labelOf(edge.from))) known.through.push(labelOf(edge.from));
  }
  return [...found.values()];
}

async function columnsBetween(
  memory: Services["memory"],
  start: readonly Dataset[],
  directions: readonly Direction[],
  depth: number,
): Promise<Record<string, unknown>[]> {
  const all = await Promise.all(
    directions.map((direction) =>
      walkColumns(
        memory,
        start.map((each) => ({ ...each, column: null })),
        direction,
        depth,
      ),
    ),
  );
  return all.flat().map((edge) => ({
    from: idOf(edge.from),
    from_column: edge.from.column,
    to: idOf(edge.to),
    to_column: edge.to.column ?? "*",
    subtype: edge.subtype,
    confidence: edge.confidence,
  }));
}

async function inputsOf(memory: Services["memory"], run: string): Promise<Dataset[]> {
  const rows = await memory.rows(
    "SELECT DISTINCT i->>'namespace' AS namespace, i->>'name' AS name FROM (SELECT unnest(from_json(event->'inputs', '[\"JSON\"]')) AS i FROM ol_events WHERE run_id = $1)",
    [run],
  );
  return rows.map((row) => ({ namespace: String(row.namespace), name: String(row.name) }));
}

async function whyNoEdges(
  memory: Services["memory"],
  start: readonly Dataset[],
  run: string | undefined,
  direction: "upstream" | "downstream" | "both",
): Promise<string> {
  const [first] = start;
  if (first === undefined)
    return run === undefined ? "unknown" : "the cell made no DataFrame and wrote no file";
  if (first.namespace !== "inmemory://") return "a file or external table: nothing recorded made it";
  const [version] = await memory.rows(
    "SELECT confidence FROM dataset_versions WHERE namespace = $1 AND name = $2 ORDER BY created_at DESC LIMIT 1",
    [first.namespace, first.name],
  );
  if (version === undefined) return "never ran: no run made it";
  return version.confidence === "coarse"
    ? "coarse: it was made by something that is not captured"
    : direction === "upstream"
      ? "it was made from literals only"
      : "nothing recorded uses it";
}
