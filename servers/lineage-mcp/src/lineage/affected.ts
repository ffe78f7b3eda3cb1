import type { Memory } from "../store/memory.ts";
import { madeInside } from "./inside-cell.ts";
import type { Dataset } from "./scope.ts";
import { allTheWay, keyOf, maxEdges, walkColumns, walkDatasets } from "./walk.ts";

export const confidences = ["exact", "inferred", "coarse"] as const;
const coarse = 2;

export interface Affected {
  readonly dataset: Dataset;
  readonly run: string;
  readonly distance: number;
  /** How sure each column is, by its surest way: a place in `confidences`. */
  readonly columns: Map<string, number>;
  /** Which rows there are depends on it. */
  whole: boolean;
}

/** Everything downstream of datasets, or of one column of them, nearest first. */
export async function affectedBy(
  memory: Memory,
  datasets: readonly Dataset[],
  column: string | undefined,
): Promise<{ affected: Affected[]; cut: boolean }> {
  const found = new Map<string, Affected>();
  let cut = false;
  const touch = (dataset: Dataset, run: string, distance: number) => {
    const known = found.get(keyOf(dataset)) ?? { dataset, run, distance, columns: new Map(), whole: false };
    found.set(keyOf(dataset), known);
    return known;
  };
  const follow = async (
    start: readonly Dataset[],
    from: string | undefined,
    behind: number,
    doubt: number,
  ) => {
    const begun = new Set(start.map(keyOf));
    const sure = (dataset: Dataset, name: string) =>
      begun.has(keyOf(dataset)) ? doubt : (found.get(keyOf(dataset))?.columns.get(name) ?? doubt);
    if (column === undefined || doubt > 0) {
      const walk = await walkDatasets(memory, start, "downstream", allTheWay);
      cut ||= walk.cut;
      for (const edge of walk.edges) touch(edge.to, edge.run, edge.distance + behind);
    }
    const edges = await walkColumns(
      memory,
      start.map((each) => ({ ...each, column: from ?? null })),
      "downstream",
      allTheWay,
    );
    cut ||= edges.length >= maxEdges;
    for (const edge of edges) {
      const one = touch(edge.to, edge.run, edge.distance + behind);
      if (edge.to.column === null) {
        one.whole = true;
        continue;
      }
      const own = Math.max(0, confidences.indexOf(edge.confidence as (typeof confidences)[number]));
      const way = Math.max(own, sure(edge.from, edge.from.column));
      one.columns.set(edge.to.column, Math.min(way, one.columns.get(edge.to.column) ?? coarse));
    }
  };
  await follow(datasets, column, 0, 0);
  // Which columns went on inside its own cell is not followed.
  const inside = await madeInside(memory, datasets);
  for (const edge of inside) touch(edge.to, edge.run, edge.distance);
  const own = new Set(datasets.map(keyOf));
  await follow(
    inside.map(({ to }) => to).filter((to) => !own.has(keyOf(to))),
    undefined,
    1,
    coarse,
  );
  for (const key of own) found.delete(key);
  const affected = [...found.values()].sort(
    (a, b) => a.distance - b.distance || keyOf(a.dataset).localeCompare(keyOf(b.dataset)),
  );
  return { affected, cut };
}
