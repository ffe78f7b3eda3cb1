import type { Memory } from "../store/memory.ts";
import type { Dataset } from "./scope.ts";
import { type Edge, walkDatasets } from "./walk.ts";

/** What the cell that made a frame made of it in the same run: edges between cells begin at what a cell read. */
export async function madeInside(memory: Memory, datasets: readonly Dataset[]): Promise<Edge[]> {
  if (datasets.length === 0) return [];
  const rows = await memory.rows(
    `WITH RECURSIVE f AS (SELECT x[1] AS namespace, x[2] AS name FROM (SELECT unnest(from_json($1::JSON, '[["VARCHAR"]]')) AS x)),
       s AS (SELECT namespace, name, arg_max(run_id, created_at) AS run_id, arg_max(version, created_at) AS uid
         FROM dataset_versions SEMI JOIN f USING (namespace, name) GROUP BY ALL),
       o AS (SELECT run_id, outputs->>'$[0].uid' AS made, unnest(inputs->>'$[*].uid') AS used FROM df_ops WHERE run_id IN (SELECT run_id FROM s)),
       reach AS (SELECT * FROM s UNION SELECT r.namespace, r.name, r.run_id, o.made FROM reach r JOIN o ON o.run_id = r.run_id AND o.used = r.uid WHERE o.made IS NOT NULL)
     SELECT DISTINCT r.namespace, r.name, r.run_id, w.namespace AS to_namespace, w.name AS to_name
     FROM reach r JOIN dataset_versions w ON w.run_id = r.run_id AND w.version = r.uid WHERE w.name <> r.name ORDER BY ALL`,
    [JSON.stringify(datasets.map(({ namespace, name }) => [namespace, name]))],
  );
  return rows.map((row) => ({
    from: { namespace: String(row.namespace), name: String(row.name) },
    to: { namespace: String(row.to_namespace), name: String(row.to_name) },
    run: String(row.run_id),
    distance: 1,
  }));
}

/** What the cell that made it made of it, and what came of that. */
export async function walkInside(
  memory: Memory,
  start: readonly Dataset[],
  depth: number,
): Promise<{ edges: Edge[]; cut: boolean }> {
  const inside = await madeInside(memory, start);
  if (inside.length === 0) return { edges: [], cut: false };
  const onward = await walkDatasets(
    memory,
    inside.map(({ to }) => to),
    "downstream",
    depth - 1,
  );
  return {
    edges: [...inside, ...onward.edges.map((edge) => ({ ...edge, distance: edge.distance + 1 }))],
    cut: onward.cut,
  };
}
