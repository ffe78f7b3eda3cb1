export type Direction = "upstream" | "downstream";

/** Edges of the run that made the newest version of their output; of what has no version, all. */
const currentRun = `v AS MATERIALIZED (SELECT namespace, name, arg_max(run_id, created_at) AS run_id FROM dataset_versions GROUP BY ALL)`;
const isCurrent =
  "LEFT JOIN v ON v.namespace = x.out_namespace AND v.name = x.out_name WHERE v.run_id IS NULL OR v.run_id = x.run_id";

const keyIn = (side: "in" | "out") => `x.${side}_namespace || chr(10) || x.${side}_name`;
const sidesOf = (direction: Direction) =>
  direction === "upstream" ? (["out", "in"] as const) : (["in", "out"] as const);

/**
 * $1 [namespace, name] to begin at, $2 the depth, $3 the most edges. One row: `nodes` in order, `edges` as
 * [distance, output, input, run] with numbers for all, `runs`, and whether there is `more` beyond the depth.
 * Joins compare 64-bit hashes: names would take most of the time.
 */
export function datasetWalkSql(direction: Direction): string {
  const [near, far] = sidesOf(direction);
  const [output, input] = direction === "upstream" ? ["a.id", "b.id"] : ["b.id", "a.id"];
  return `WITH RECURSIVE ${currentRun},
    e AS MATERIALIZED (SELECT ${near}_hash AS near, ${far}_hash AS far, x.${far}_namespace AS namespace, x.${far}_name AS name, x.run_id
      FROM (SELECT *, hash(out_namespace, out_name) AS out_hash, hash(in_namespace, in_name) AS in_hash FROM dataset_edges) x
      LEFT JOIN (SELECT hash(namespace, name) AS node, run_id FROM v) w ON w.node = x.out_hash WHERE w.run_id IS NULL OR w.run_id = x.run_id),
    s AS MATERIALIZED (SELECT hash(s[1], s[2]) AS node, s[1] AS namespace, s[2] AS name FROM (SELECT unnest(from_json($1::JSON, '[["VARCHAR"]]')) AS s)),
    reach(node, distance) USING KEY (node) AS (
      SELECT node, 0 FROM s
      UNION
      SELECT e.far, min(r.distance) + 1 FROM reach r JOIN e ON e.near = r.node LEFT JOIN recurring.reach k ON k.node = e.far
      WHERE k.node IS NULL AND r.distance < $2::INTEGER GROUP BY e.far),
    named AS (SELECT far AS node, any_value(namespace) AS namespace, any_value(name) AS name FROM e SEMI JOIN reach ON reach.node = e.far GROUP BY far
      UNION SELECT * FROM s),
    k AS MATERIALIZED (SELECT node, distance, namespace, name, row_number() OVER (ORDER BY namespace, name) - 1 AS id FROM reach JOIN named USING (node)),
    f AS MATERIALIZED (SELECT DISTINCT a.distance + 1 AS distance, ${output} AS output, ${input} AS input, e.run_id
      FROM k a JOIN e ON e.near = a.node JOIN k b ON b.node = e.far WHERE a.distance < $2::INTEGER
      ORDER BY ALL LIMIT $3::INTEGER),
    u AS MATERIALIZED (SELECT run_id, row_number() OVER (ORDER BY run_id) - 1 AS id FROM (SELECT DISTINCT run_id FROM f))
    SELECT to_json((SELECT list([namespace, name] ORDER BY id) FROM k)) AS nodes,
      to_json((SELECT list([distance, output, input, u.id] ORDER BY distance, output, input, u.id) FROM f JOIN u ON u.run_id = f.run_id)) AS edges,
      to_json((SELECT list(run_id ORDER BY id) FROM u)) AS runs,
      EXISTS (SELECT 1 FROM reach a JOIN e ON e.near = a.node WHERE a.distance = $2::INTEGER) AS more`;
}

/** $1 [key, column or null] to begin at, $2 the depth, $3 the most edges. One row, `edges` as lists of texts, nearest first. */
export function columnWalkSql(direction: Direction): string {
  const [near, far] = sidesOf(direction);
  return `WITH RECURSIVE ${currentRun},
    e AS MATERIALIZED (SELECT DISTINCT ${keyIn(near)} AS near, x.${near}_column AS near_column, ${keyIn(far)} AS far, x.${far}_column AS far_column,
        x.type, x.subtype, x.masking, x.confidence, x.run_id
      FROM column_edges x ${isCurrent}),
    reach(node, col, whole, distance) USING KEY (node, col, whole) AS (
      SELECT s[1], coalesce(s[2], ''), s[2] IS NULL, 0 FROM (SELECT unnest(from_json($1::JSON, '[["VARCHAR"]]')) AS s)
      UNION
      SELECT e.far, coalesce(e.far_column, ''), e.far_column IS NULL, min(r.distance) + 1
      FROM reach r JOIN e ON e.near = r.node AND (r.whole OR e.near_column IS NULL OR e.near_column = r.col)
      LEFT JOIN recurring.reach k ON k.node = e.far AND k.col = coalesce(e.far_column, '') AND k.whole = (e.far_column IS NULL)
      WHERE k.node IS NULL AND e.type = 'DIRECT' AND r.distance < $2::INTEGER GROUP BY ALL),
    f AS MATERIALIZED (SELECT min(r.distance) + 1 AS distance, COLUMNS(e.*)
      FROM reach r JOIN e ON e.near = r.node AND (r.whole OR e.near_column IS NULL OR e.near_column = r.col)
      WHERE r.distance < $2::INTEGER GROUP BY ALL ORDER BY ALL LIMIT $3::INTEGER)
    SELECT to_json(list([distance::VARCHAR, near, near_column, far, far_column, type, subtype, masking::VARCHAR, confidence, run_id])) AS edges
    FROM (SELECT * FROM f ORDER BY ALL)`;
}
