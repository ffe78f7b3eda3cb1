import type { Memory, Record_ } from "../store/memory.ts";
import { lineDiff } from "./line-diff.ts";
import type { Matched } from "./matched-runs.ts";

type Change = Record<string, unknown>;
type Columns = readonly (readonly [name: string, type: string | null])[];

const shortName = (name: string) => `regexp_replace(${name}, '^[a-f0-9]{8}/[a-f0-9]{8}/', '')`;
const mostLineage = 50;
const mostLines = 100;

/** What each cell did otherwise: those that changed first, then those that only took another time. */
export async function differences(memory: Memory, { pairs, removed, added }: Matched): Promise<Change[]> {
  const runs = JSON.stringify(pairs.flat().map(({ run_id }) => run_id));
  const inRuns = `run_id IN (SELECT unnest(from_json($1::JSON, '["VARCHAR"]')))`;
  const outputs = groupBy(
    await memory.rows(
      `SELECT run_id, ${shortName("name")} AS name, row_count, columns FROM dataset_versions WHERE ${inRuns} ORDER BY name`,
      [runs],
    ),
  );
  const edges = groupBy(
    await memory.rows(
      `SELECT DISTINCT run_id, ${shortName("in_name")} || '.' || in_column || ' -> ' || ${shortName("out_name")} || '.' || coalesce(out_column, '*') AS edge
       FROM column_edges WHERE ${inRuns} ORDER BY edge`,
      [runs],
    ),
  );
  const texts = await sources(memory, pairs);
  const changes = pairs.map(([a, b]) =>
    difference(a, b, {
      outputs: [outputs.get(a.run_id) ?? [], outputs.get(b.run_id) ?? []],
      edges: [edges.get(a.run_id) ?? [], edges.get(b.run_id) ?? []],
      texts,
    }),
  );
  const only = (run: Record_, change: string): Change => ({ cell: nameOf(run), change, status: run.status });
  return [
    ...removed.map((run) => only(run, "ran in run_a only")),
    ...added.map((run) => only(run, "ran in run_b only")),
    ...changes.filter(isMore),
    ...changes.filter((change) => !isMore(change)),
  ];
}

function isMore({ status, ...change }: Change): boolean {
  const [before, after] = status as [string, string];
  return before !== after || Object.keys(change).length > 3;
}

interface Facts {
  readonly outputs: readonly [Record_[], Record_[]];
  readonly edges: readonly [Record_[], Record_[]];
  readonly texts: ReadonlyMap<unknown, string>;
}

function difference(a: Record_, b: Record_, facts: Facts): Change {
  const [outA, outB] = facts.outputs;
  const [edgesA, edgesB] = facts.edges;
  const change: Change = {
    cell: a.cell_name === b.cell_name ? nameOf(b) : `${nameOf(a)}, now ${nameOf(b)}`,
    status: [a.status, b.status],
    duration_ms: [a.duration_ms, b.duration_ms],
    memory_delta_mb: [delta(a), delta(b)],
  };
  const datasets = outB.flatMap((two) =>
    datasetChange(
      outA.find(({ name }) => name === two.name),
      two,
    ),
  );
  const gone = outA.filter(({ name }) => !outB.some((two) => two.name === name)).map(({ name }) => name);
  if (datasets.length > 0) change.datasets = datasets;
  if (gone.length > 0) change.no_longer_made = gone;
  if (a.code_hash !== b.code_hash)
    change.code = codeChange(facts.texts.get(a.code_hash), facts.texts.get(b.code_hash));
  const [before, after] = [edgesA, edgesB].map((list) => new Set(list.map(({ edge }) => String(edge))));
  const added = [...(after ?? [])].filter((edge) => before?.has(edge) !== true);
  const removed = [...(before ?? [])].filter((edge) => after?.has(edge) !== true);
  if (added.length > 0) change.added_lineage = atMost(added, mostLineage);
  if (removed.length > 0) change.removed_lineage = atMost(removed, mostLineage);
  return change;
}

function datasetChange(one: Record_ | undefined, two: Record_): Change[] {
  const [before, after] = [columnsOf(one), columnsOf(two)];
  const [typesBefore, typesAfter] = [new Map(before), new Map(after)];
  const change: Change = { name: two.name };
  if (one?.row_count !== two.row_count) change.rows = [one?.row_count ?? null, two.row_count];
  const added = after.map(([name]) => name).filter((name) => !typesBefore.has(name));
  const removed = before.map(([name]) => name).filter((name) => !typesAfter.has(name));
  const retyped = after.flatMap(([name, type]) => {
    const was = typesBefore.get(name);
    return was === undefined || was === type ? [] : [`${name}: ${was ?? "?"} -> ${type ?? "?"}`];
  });
  if (added.length > 0) change.added_columns = atMost(added, mostLineage);
  if (removed.length > 0) change.removed_columns = atMost(removed, mostLineage);
  if (retyped.length > 0) change.changed_types = atMost(retyped, mostLineage);
  return Object.keys(change).length > 1 ? [change] : [];
}

function codeChange(before: string | undefined, after: string | undefined): string[] {
  if (before === undefined || after === undefined) return ["changed; the text was not kept"];
  return atMost(
    lineDiff(before, after).map((line) => (line.length > 300 ? `${line.slice(0, 299)}…` : line)),
    mostLines,
  );
}

/** Of the cells whose code changed. */
async function sources(memory: Memory, pairs: Matched["pairs"]): Promise<Map<unknown, string>> {
  const hashes = pairs
    .filter(([a, b]) => a.code_hash !== b.code_hash)
    .flatMap(([a, b]) => [a.code_hash, b.code_hash]);
  if (hashes.length === 0) return new Map();
  const rows = await memory.rows(
    `WITH h AS (SELECT unnest(from_json($1::JSON, '["VARCHAR"]')) AS code_hash)
     SELECT code_hash, any_value(text) AS text FROM (
       SELECT code_hash, cell_source AS text FROM cells WHERE code_hash IN (SELECT code_hash FROM h)
       UNION ALL SELECT c.code_hash, e.cell_source FROM cell_runs c JOIN runtime_events e USING (run_id) WHERE c.code_hash IN (SELECT code_hash FROM h)
     ) WHERE text <> '' GROUP BY code_hash`,
    [JSON.stringify(hashes)],
  );
  return new Map(rows.map(({ code_hash, text }) => [code_hash, String(text)]));
}

function atMost(list: readonly string[], most: number): string[] {
  return list.length <= most ? [...list] : [...list.slice(0, most), `… ${list.length - most} more`];
}

function nameOf(run: Record_): unknown {
  return run.cell_name === "_" ? run.cell_id : run.cell_name;
}

function delta(run: Record_): number | null {
  return typeof run.end_memory_mb === "number" && typeof run.start_memory_mb === "number"
    ? Math.round((run.end_memory_mb - run.start_memory_mb) * 1000) / 1000
    : null;
}

function columnsOf(version: Record_ | undefined): Columns {
  return version === undefined ? [] : (JSON.parse(String(version.columns)) as Columns);
}

function groupBy(rows: readonly Record_[]): Map<unknown, Record_[]> {
  const groups = new Map<unknown, Record_[]>();
  for (const row of rows) {
    const known = groups.get(row.run_id);
    if (known === undefined) groups.set(row.run_id, [row]);
    else known.push(row);
  }
  return groups;
}
