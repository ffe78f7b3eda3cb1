import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { idOf, resolveNode } from "../lineage/scope.ts";
import { allTheWay, keyOf, walkColumns, walkDatasets } from "../lineage/walk.ts";
import type { Services } from "../services.ts";
import { metaOutput, notebookField, readOnlyHints, readScope, rowsOutput } from "./fields.ts";
import { nodeField } from "./get-lineage.ts";

interface Step {
  readonly at: string;
  readonly shown: string;
}

export const getLineagePaths = defineTool({
  name: "get_lineage_paths",
  title: "Get lineage paths",
  description: "Returns the ways data went from one frame, file or column to another, shortest first.",
  input: z.strictObject({
    from: nodeField,
    to: nodeField,
    from_column: z.string().optional().describe("Begin at a column."),
    to_column: z.string().optional().describe("End at a column."),
    notebook: notebookField,
    max_paths: z.int().min(1).max(50).default(5).describe("At most."),
  }),
  output: z.object({ ...metaOutput, paths: rowsOutput() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "more",
  async run(input, { services }: ToolContext<Services>) {
    const { memory } = services;
    const fresh = await memory.fresh();
    const source = await resolveNode(memory, { ...input, node: input.from });
    const target = await resolveNode(memory, { ...input, node: input.to });
    const byColumn = input.from_column !== undefined || input.to_column !== undefined;
    const before = new Map<string, Step[]>();
    const add = (to: string, from: Step) => {
      const known = before.get(to);
      if (known === undefined) before.set(to, [from]);
      else if (!known.some((each) => each.at === from.at)) known.push(from);
    };
    let starts: Step[];
    let isSource: (at: string) => boolean;
    if (byColumn) {
      const wanted = target.datasets.map((each) => ({ ...each, column: input.to_column ?? null }));
      const edges = (await walkColumns(memory, wanted, "upstream", allTheWay)).filter(
        (edge) => edge.type === "DIRECT" && edge.to.column !== null,
      );
      for (const edge of edges)
        add(`${keyOf(edge.to)}\n${edge.to.column}`, {
          at: `${keyOf(edge.from)}\n${edge.from.column}`,
          shown: `${idOf(edge.from)}.${edge.from.column}`,
        });
      const ends = new Map(
        edges
          .filter(({ to }) =>
            wanted.some(
              (each) => keyOf(each) === keyOf(to) && (each.column === null || each.column === to.column),
            ),
          )
          .map(({ to }) => [`${keyOf(to)}\n${to.column}`, `${idOf(to)}.${to.column}`]),
      );
      starts = [...ends].map(([at, shown]) => ({ at, shown }));
      const keys = source.datasets.map(keyOf);
      isSource = (at) =>
        keys.some((key) =>
          input.from_column === undefined ? at.startsWith(`${key}\n`) : at === `${key}\n${input.from_column}`,
        );
    } else {
      const { edges } = await walkDatasets(memory, target.datasets, "upstream", allTheWay);
      for (const edge of edges) add(keyOf(edge.to), { at: keyOf(edge.from), shown: idOf(edge.from) });
      starts = target.datasets.map((each) => ({ at: keyOf(each), shown: idOf(each) }));
      const keys = new Set(source.datasets.map(keyOf));
      isSource = (at) => keys.has(at);
    }
    const { paths, more } = shortest(starts, before, isSource, input.max_paths);
    return {
      data: {
        ...fresh,
        total: paths.length + (more ? 1 : 0),
        returned: paths.length,
        truncated: more,
        paths: paths.map((steps) => ({ steps, length: steps.length - 1 })),
        ...(paths.length === 0 ? { reason: "nothing recorded leads from the one to the other" } : {}),
      },
    };
  },
});

/** Simple paths, breadth first, with a bound on the work. */
function shortest(
  starts: readonly Step[],
  before: ReadonlyMap<string, readonly Step[]>,
  isSource: (at: string) => boolean,
  most: number,
) {
  const queue: Step[][] = starts.map((step) => [step]);
  const paths: string[][] = [];
  let work = 0;
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const last = path.at(-1);
    if (last === undefined) continue;
    if (isSource(last.at) && path.length > 1) {
      if (paths.length === most) return { paths, more: true };
      paths.push(path.map((step) => step.shown).reverse());
      continue;
    }
    if (++work > 50_000) return { paths, more: true };
    for (const step of before.get(last.at) ?? [])
      if (!path.some((each) => each.at === step.at)) queue.push([...path, step]);
  }
  return { paths, more: false };
}
