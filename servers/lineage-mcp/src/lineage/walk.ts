import type { Memory } from "../store/memory.ts";
import type { Dataset } from "./scope.ts";
import { columnWalkSql, type Direction, datasetWalkSql } from "./walk-sql.ts";

export interface Edge {
  readonly from: Dataset;
  readonly to: Dataset;
  readonly run: string;
  /** Steps from where the walk began. */
  readonly distance: number;
}

export interface ColumnEdgeFound {
  readonly from: Dataset & { readonly column: string };
  /** column null: every column of the dataset. */
  readonly to: Dataset & { readonly column: string | null };
  readonly type: string;
  readonly subtype: string | null;
  readonly masking: boolean;
  readonly confidence: string;
  readonly run: string;
  readonly distance: number;
}

/** As deep as it goes. */
export const allTheWay = 1_000_000;
export const maxEdges = 20_000;

/** Breadth first; every dataset is entered once, so cycles end. One dataset is one object in all edges. */
export async function walkDatasets(
  memory: Memory,
  start: readonly Dataset[],
  direction: Direction,
  depth: number,
): Promise<{ edges: Edge[]; cut: boolean }> {
  if (start.length === 0) return { edges: [], cut: false };
  const [row] = await memory.rows(datasetWalkSql(direction), [
    JSON.stringify(start.map(({ namespace, name }) => [namespace, name])),
    depth,
    maxEdges + 1,
  ]);
  const nodes = listOf<[string, string]>(row?.nodes).map(
    ([namespace, name]): Dataset => ({ namespace, name }),
  );
  const runs = listOf<string>(row?.runs);
  const edges: Edge[] = [];
  for (const [distance, output, input, run] of listOf<[number, number, number, number]>(row?.edges)) {
    const to = nodes[output];
    const from = nodes[input];
    if (to !== undefined && from !== undefined) edges.push({ from, to, run: runs[run] ?? "", distance });
  }
  return { edges: edges.slice(0, maxEdges), cut: edges.length > maxEdges || row?.more === true };
}

type ColumnFacts = [
  distance: string,
  near: string,
  nearColumn: string | null,
  far: string,
  farColumn: string | null,
  type: string,
  subtype: string | null,
  masking: string,
  confidence: string,
  run: string,
];

/** From columns (column null: all of the dataset), one step of columns at a time; influences end a path. */
export async function walkColumns(
  memory: Memory,
  start: readonly (Dataset & { readonly column: string | null })[],
  direction: Direction,
  depth: number,
): Promise<ColumnEdgeFound[]> {
  if (start.length === 0) return [];
  const [row] = await memory.rows(columnWalkSql(direction), [
    JSON.stringify(start.map((each) => [keyOf(each), each.column])),
    depth,
    maxEdges,
  ]);
  const found = new Map<string, ColumnEdgeFound>();
  for (const facts of listOf<ColumnFacts>(row?.edges)) {
    const [distance, near, nearColumn, far, farColumn, type, subtype, masking, confidence, run] = facts;
    const [output, outputColumn, input, inputColumn] =
      direction === "upstream" ? [near, nearColumn, far, farColumn] : [far, farColumn, near, nearColumn];
    const key = JSON.stringify([output, outputColumn, input, inputColumn, type, subtype]);
    if (found.has(key)) continue;
    found.set(key, {
      from: { ...datasetOf(input), column: String(inputColumn) },
      to: { ...datasetOf(output), column: outputColumn },
      type,
      subtype,
      masking: masking === "true",
      confidence,
      run,
      distance: Number(distance),
    });
  }
  return [...found.values()];
}

export function keyOf({ namespace, name }: Dataset): string {
  return `${namespace}\n${name}`;
}

function datasetOf(key: string): Dataset {
  const end = key.indexOf("\n");
  return { namespace: key.slice(0, end), name: key.slice(end + 1) };
}

/** A JSON list in one cell: read many times faster than as many cells. */
function listOf<T>(cell: unknown): readonly T[] {
  return typeof cell === "string" ? ((JSON.parse(cell) as T[] | null) ?? []) : [];
}
