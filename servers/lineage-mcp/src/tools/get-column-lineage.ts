import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { columnsOf, doubtsOf, requireColumn } from "../lineage/columns-of.ts";
import { madeInside } from "../lineage/inside-cell.ts";
import { idOf, labelOf, notOne, resolveNode } from "../lineage/scope.ts";
import { allTheWay, type Edge, maxEdges, walkColumns } from "../lineage/walk.ts";
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
    unseen_source: untrusted(z.array(z.string())),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { memory } = context.services;
    await memory.fresh();
    const { datasets } = await resolveNode(memory, { node: input.dataset, notebook: input.notebook });
    const [dataset] = datasets;
    if (dataset === undefined || datasets.length > 1) throw notOne(datasets);
    const columns = await columnsOf(memory, dataset);
    if (input.column !== undefined) await requireColumn(memory, [dataset], input.column);
    const start = [{ ...dataset, column: input.column ?? null }];
    const all = await walkColumns(
      memory,
      start,
      input.direction,
      input.depth === 0 ? allTheWay : input.depth,
    );
    const most = levels.indexOf(input.confidence_min);
    const good = all.filter(
      ({ confidence }) => Math.max(0, levels.indexOf(confidence as (typeof levels)[number])) <= most,
    );
    const direct = good.filter(({ type }) => type === "DIRECT");
    const indirect = good.filter(({ type }) => type !== "DIRECT");
    const inside = input.direction === "downstream" ? await madeInside(memory, [dataset]) : [];
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
    const doubts = await doubtsOf(memory, dataset);
    const anyDirect = all.some(({ type }) => type === "DIRECT");
    const { items, page, meta } = await listing({
      tool: "get_column_lineage",
      context,
      of: { ...input, cursor: undefined, limit: undefined },
      cursor: input.cursor,
      limit: input.limit,
      load: async (offset, limit) => ({ items: edges.slice(offset, offset + limit), total: edges.length }),
      why: async () =>
        input.direction === "downstream"
          ? whyNoUse(anyDirect, inside)
          : whyNoColumns(anyDirect, columns, doubts.size, dataset.namespace),
    });
    const influences = withinBudget(
      indirect.map((edge) => ({
        from: idOf(edge.from),
        from_column: edge.from.column,
        to: idOf(edge.to),
        kind: edge.subtype,
        distance: edge.distance,
      })),
    );
    const sourced = new Set(direct.filter(({ distance }) => distance === 1).map(({ to }) => to.column));
    const bare =
      input.direction === "upstream" && input.column === undefined
        ? columns.filter((column) => !sourced.has(column))
        : [];
    const listed = withinBudget(bare);
    const warnings = [
      ...(all.length >= maxEdges
        ? [`Only the nearest ${maxEdges} edges were followed: ask for one column.`]
        : []),
      ...(indirect.length > influences.length
        ? [
            `There are ${indirect.length} influences: ask with a lower depth, or for one column, to see the others.`,
          ]
        : []),
      ...(bare.length > listed.length
        ? [`Of the ${bare.length} columns without an edge the first ${listed.length} are named.`]
        : []),
      ...(inside.length === 0 ? [] : [insideText(inside)]),
    ];
    return {
      data: {
        ...meta,
        dataset: idOf(dataset),
        edges: items,
        influences,
        without_source: listed.filter((column) => !doubts.has(column)),
        unseen_source: listed.filter((column) => doubts.has(column)),
      },
      page,
      ...(warnings.length === 0 ? {} : { warnings }),
    };
  },
});

/** Beside a page of edges: an answer must stay below the hard cap. */
function withinBudget<Item>(items: readonly Item[]): Item[] {
  let left = 6_000;
  return items.filter((item) => {
    left -= JSON.stringify(item).length;
    return left > 0;
  });
}

function insideText(inside: readonly Edge[]): string {
  const names = inside
    .map(({ to }) => labelOf(to))
    .join(", ")
    .slice(0, 300);
  return `Inside its own cell it also went into ${names}; which columns is not followed there. get_lineage shows them, its level op the operations.`;
}

function whyNoUse(found: boolean, inside: readonly Edge[]): string {
  if (found) return "coarse: edges exist, but none of the confidence asked for";
  return inside.length > 0
    ? "used only inside the cell that made it, where columns are not followed to other frames of the cell"
    : "nothing recorded uses its columns";
}

function whyNoColumns(
  found: boolean,
  columns: readonly string[],
  doubtful: number,
  namespace: string,
): string {
  if (found) return "coarse: edges exist, but none of the confidence asked for";
  if (namespace !== "inmemory://") return "a file or external table: nothing recorded made it";
  if (columns.length === 0) return "never ran: no run made it";
  return doubtful === 0
    ? "its columns are literals"
    : "not captured: what made its columns was not seen, see unseen_source";
}
