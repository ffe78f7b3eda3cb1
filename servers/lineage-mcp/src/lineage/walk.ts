import type { Memory, Record_ } from "../store/memory.ts";
import type { Dataset } from "./scope.ts";

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

export type Direction = "upstream" | "downstream";

const maxEdges = 20_000;

/** Breadth first; every dataset is entered once, so cycles end. */
export async function walkDatasets(
  memory: Memory,
  start: readonly Dataset[],
  direction: Direction,
  depth: number,
): Promise<{ edges: Edge[]; cut: boolean }> {
  const near = direction === "upstream" ? "out" : "in";
  const seen = new Set(start.map(keyOf));
  const edges: Edge[] = [];
  let frontier = [...start];
  for (let distance = 1; distance <= depth && frontier.length > 0; distance += 1) {
    const rows = await memory.rows(
      `WITH f AS (SELECT x[1] AS ns, x[2] AS name FROM (SELECT unnest(from_json($1::JSON, '[["VARCHAR"]]')) AS x)),
            e AS (SELECT * FROM dataset_edges e WHERE (e.${near}_namespace, e.${near}_name) IN (SELECT ns, name FROM f)),
            v AS (SELECT namespace, name, arg_max(run_id, created_at) AS run_id FROM dataset_versions
                  WHERE (namespace, name) IN (SELECT out_namespace, out_name FROM e) GROUP BY ALL)
       SELECT DISTINCT e.out_namespace, e.out_name, e.in_namespace, e.in_name, e.run_id FROM e
       LEFT JOIN v ON v.namespace = e.out_namespace AND v.name = e.out_name WHERE v.run_id IS NULL OR v.run_id = e.run_id
       ORDER BY ALL`,
      [JSON.stringify(frontier.map(({ namespace, name }) => [namespace, name]))],
    );
    const next: Dataset[] = [];
    for (const row of rows) {
      const edge = {
        from: datasetOf(row, "in"),
        to: datasetOf(row, "out"),
        run: String(row.run_id),
        distance,
      };
      edges.push(edge);
      const far = direction === "upstream" ? edge.from : edge.to;
      if (!seen.has(keyOf(far))) {
        seen.add(keyOf(far));
        next.push(far);
      }
    }
    frontier = next;
    if (edges.length > maxEdges) return { edges: edges.slice(0, maxEdges), cut: true };
  }
  return {
    edges,
    cut: frontier.length > 0 && depth > 0 && edges.length > 0 ? await hasMore(memory, frontier, near) : false,
  };
}

async function hasMore(memory: Memory, frontier: readonly Dataset[], near: "in" | "out"): Promise<boolean> {
  const rows = await memory.rows(
    `SELECT 1 FROM dataset_edges WHERE (${near}_namespace, ${near}_name) IN
       (SELECT x[1], x[2] FROM (SELECT unnest(from_json($1::JSON, '[["VARCHAR"]]')) AS x)) LIMIT 1`,
    [JSON.stringify(frontier.map(({ namespace, name }) => [namespace, name]))],
  );
  return rows.length > 0;
}

/** From columns (column null: all of the dataset), one step of columns at a time; influences end a path. */
export async function walkColumns(
  memory: Memory,
  start: readonly (Dataset & { readonly column: string | null })[],
  direction: Direction,
  depth: number,
): Promise<ColumnEdgeFound[]> {
  const near = direction === "upstream" ? "out" : "in";
  const seen = new Set<string>();
  const edges: ColumnEdgeFound[] = [];
  let frontier = [...start];
  for (let distance = 1; distance <= depth && frontier.length > 0; distance += 1) {
    const rows = await memory.rows(
      `WITH f AS (SELECT x[1] AS ns, x[2] AS name, x[3] AS col FROM (SELECT unnest(from_json($1::JSON, '[["VARCHAR"]]')) AS x)),
            e AS (SELECT DISTINCT e.* FROM column_edges e JOIN f ON e.${near}_namespace = f.ns AND e.${near}_name = f.name
                  AND (f.col IS NULL OR e.${near}_column IS NULL OR e.${near}_column = f.col)),
            v AS (SELECT namespace, name, arg_max(run_id, created_at) AS run_id FROM dataset_versions
                  WHERE (namespace, name) IN (SELECT out_namespace, out_name FROM e) GROUP BY ALL)
       SELECT DISTINCT e.out_namespace, e.out_name, e.out_column, e.in_namespace, e.in_name, e.in_column, e.type, e.subtype, e.masking, e.confidence, e.run_id
       FROM e LEFT JOIN v ON v.namespace = e.out_namespace AND v.name = e.out_name WHERE v.run_id IS NULL OR v.run_id = e.run_id ORDER BY ALL`,
      [JSON.stringify(frontier.map(({ namespace, name, column }) => [namespace, name, column]))],
    );
    const next: (Dataset & { column: string | null })[] = [];
    for (const row of rows) {
      const edge: ColumnEdgeFound = {
        from: { ...datasetOf(row, "in"), column: String(row.in_column) },
        to: { ...datasetOf(row, "out"), column: row.out_column === null ? null : String(row.out_column) },
        type: String(row.type),
        subtype: row.subtype === null ? null : String(row.subtype),
        masking: row.masking === true,
        confidence: String(row.confidence),
        run: String(row.run_id),
        distance,
      };
      edges.push(edge);
      const far = direction === "upstream" ? edge.from : edge.to;
      const key = `${keyOf(far)}\n${far.column}`;
      if (!seen.has(key) && edge.type === "DIRECT") {
        seen.add(key);
        next.push(far);
      }
    }
    frontier = next;
    if (edges.length > maxEdges) return edges.slice(0, maxEdges);
  }
  return [
    ...new Map(
      edges.toReversed().map((edge) => [JSON.stringify([edge.from, edge.to, edge.type, edge.subtype]), edge]),
    ).values(),
  ].toReversed();
}

export function keyOf({ namespace, name }: Dataset): string {
  return `${namespace}\n${name}`;
}

function datasetOf(row: Record_, side: "in" | "out"): Dataset {
  return { namespace: String(row[`${side}_namespace`]), name: String(row[`${side}_name`]) };
}
