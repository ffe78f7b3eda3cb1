import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";
import { z } from "zod";
import { scopeOf } from "../lineage/scope.ts";
import type { Services } from "../services.ts";
import type { Record_ } from "../store/memory.ts";
import { metaOutput, notebookField, readOnlyHints, readScope, rowsOutput } from "./fields.ts";
import { filled } from "./get-cell-runs.ts";
import { lineDiff } from "./line-diff.ts";

export const compareRuns = defineTool({
  name: "compare_runs",
  title: "Compare runs",
  description:
    "Returns what differs between two runs of a cell or two sessions of a notebook: duration, memory, rows, columns, code, lineage. Default: the latest two.",
  input: z.strictObject({
    cell: z.string().optional().describe("Absent: every cell of two sessions."),
    notebook: notebookField,
    run_a: z.string().optional().describe("Earlier run, or session."),
    run_b: z.string().optional().describe("Later one."),
  }),
  output: z.object({ ...metaOutput, run_a: z.string(), run_b: z.string(), changes: rowsOutput() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, { services }: ToolContext<Services>) {
    const { memory } = services;
    const fresh = await memory.fresh();
    const { hash, session } = await scopeOf(memory, input.notebook);
    const [a, b] = await pair(memory, input, hash, session);
    const pairs = await matched(memory, a, b, input.cell !== undefined || (await isRun(memory, a)));
    const changes: Record<string, unknown>[] = [];
    for (const [before, after] of pairs) changes.push(await difference(memory, before, after));
    const shown: Record<string, unknown>[] = [];
    let size = 0;
    for (const change of changes) {
      size += JSON.stringify(change).length;
      if (size > 24_000 && shown.length > 0) break;
      shown.push(change);
    }
    return {
      data: {
        ...fresh,
        total: changes.length,
        returned: shown.length,
        truncated: shown.length < changes.length,
        run_a: a,
        run_b: b,
        changes: shown,
        ...(changes.length === 0 ? { reason: "the two have no cell in common" } : {}),
      },
    };
  },
});

async function pair(
  memory: Services["memory"],
  input: { cell?: string | undefined; run_a?: string | undefined; run_b?: string | undefined },
  hash: string,
  session: string,
): Promise<[string, string]> {
  if (input.run_a !== undefined && input.run_b !== undefined) return [input.run_a, input.run_b];
  const rows =
    input.cell === undefined
      ? await memory.rows(
          "SELECT session_id AS id, notebook_hash FROM sessions WHERE ($1 = '' OR notebook_hash = $1) AND ($2 = '' OR session_id <> $2) ORDER BY started_at DESC LIMIT 2",
          [hash, input.run_a ?? ""],
        )
      : await memory.rows(
          "SELECT run_id AS id, notebook_hash FROM cell_runs WHERE (cell_name = $1 OR cell_id = $1) AND ($2 = '' OR notebook_hash = $2) AND status <> 'running' AND ($3 = '' OR run_id <> $3) AND ($4 = '' OR session_id = $4) ORDER BY started_at DESC LIMIT 2",
          [input.cell, hash, input.run_a ?? "", session],
        );
  const [latest, earlier] = rows;
  if (input.run_a !== undefined && latest !== undefined) return [input.run_a, String(latest.id)];
  if (latest === undefined || earlier === undefined) {
    throw new ToolError("NOT_FOUND", "There are no two runs to compare.", {
      hint: "Run it again, or name run_a and run_b from get_cell_runs.",
      details: { reason: latest === undefined ? "never_ran" : "ran_once" },
    });
  }
  return [String(earlier.id), String(latest.id)];
}

async function isRun(memory: Services["memory"], id: string): Promise<boolean> {
  return (await memory.rows("SELECT 1 FROM cell_runs WHERE run_id = $1", [id])).length > 0;
}

async function matched(
  memory: Services["memory"],
  a: string,
  b: string,
  runs: boolean,
): Promise<[Record_, Record_][]> {
  const load = (id: string) =>
    memory.rows(
      runs
        ? "SELECT * FROM cell_runs WHERE run_id = $1"
        : "SELECT r.* FROM cell_runs r WHERE session_id = $1 QUALIFY row_number() OVER (PARTITION BY cell_id ORDER BY started_at DESC) = 1 ORDER BY cell_index",
      [id],
    );
  const [before, after] = [await load(a), await load(b)];
  if (runs) {
    const [one, two] = [before[0], after[0]];
    if (one === undefined || two === undefined)
      throw new ToolError("NOT_FOUND", "One of the runs was not recorded.", {
        hint: "get_cell_runs lists run ids.",
      });
    return [[one, two]];
  }
  return before.flatMap((one) => {
    const two =
      after.find(
        (each) =>
          (one.cell_name !== "_" && each.cell_name === one.cell_name) || each.code_hash === one.code_hash,
      ) ?? after.find((each) => each.cell_id === one.cell_id);
    return two === undefined ? [] : [[one, two] as [Record_, Record_]];
  });
}

async function difference(
  memory: Services["memory"],
  a: Record_,
  b: Record_,
): Promise<Record<string, unknown>> {
  const outputs = async (run: unknown) =>
    memory.rows(
      "SELECT regexp_replace(name, '^[a-f0-9]{8}/[a-f0-9]{8}/', '') AS name, row_count, columns FROM dataset_versions WHERE run_id = $1 ORDER BY name",
      [String(run)],
    );
  const lineage = async (run: unknown) =>
    new Set(
      (
        await memory.rows(
          "SELECT DISTINCT regexp_replace(in_name, '^[a-f0-9]{8}/[a-f0-9]{8}/', '') || '.' || in_column || ' -> ' || regexp_replace(out_name, '^[a-f0-9]{8}/[a-f0-9]{8}/', '') || '.' || coalesce(out_column, '*') AS edge FROM column_edges WHERE run_id = $1",
          [String(run)],
        )
      ).map(({ edge }) => String(edge)),
    );
  const [outA, outB, edgesA, edgesB] = [
    await outputs(a.run_id),
    await outputs(b.run_id),
    await lineage(a.run_id),
    await lineage(b.run_id),
  ];
  const change: Record<string, unknown> = {
    cell: a.cell_name === "_" ? a.cell_id : a.cell_name,
    status: [a.status, b.status],
    duration_ms: [a.duration_ms, b.duration_ms],
    memory_delta_mb: [delta(a), delta(b)],
  };
  const datasets = outB.flatMap((two) => {
    const one = outA.find(({ name }) => name === two.name);
    const [before, after] = [namesOf(one), namesOf(two)];
    const entry = filled({
      name: two.name,
      rows: one?.row_count === two.row_count ? null : [one?.row_count ?? null, two.row_count],
      added_columns: nonEmpty(after.filter((name) => !before.includes(name))),
      removed_columns: nonEmpty(before.filter((name) => !after.includes(name))),
    });
    return Object.keys(entry).length > 1 ? [entry] : [];
  });
  const gone = outA.filter(({ name }) => !outB.some((two) => two.name === name)).map(({ name }) => name);
  if (datasets.length > 0) change.datasets = datasets;
  if (gone.length > 0) change.no_longer_made = gone;
  if (a.code_hash !== b.code_hash)
    change.code = lineDiff(await source(memory, a.code_hash), await source(memory, b.code_hash));
  const [added, removed] = [
    [...edgesB].filter((edge) => !edgesA.has(edge)),
    [...edgesA].filter((edge) => !edgesB.has(edge)),
  ];
  if (added.length > 0) change.added_lineage = added.slice(0, 50);
  if (removed.length > 0) change.removed_lineage = removed.slice(0, 50);
  return filled(change);
}

async function source(memory: Services["memory"], hash: unknown): Promise<string> {
  const [row] = await memory.rows(
    "SELECT cell_source AS text FROM (SELECT cell_source, code_hash FROM cells UNION ALL SELECT r.cell_source, c.code_hash FROM runtime_events r JOIN cell_runs c USING (run_id)) WHERE code_hash = $1 AND cell_source IS NOT NULL LIMIT 1",
    [String(hash)],
  );
  return row === undefined ? "" : String(row.text);
}

function delta(run: Record_): number | null {
  return typeof run.end_memory_mb === "number" && typeof run.start_memory_mb === "number"
    ? Math.round((run.end_memory_mb - run.start_memory_mb) * 1000) / 1000
    : null;
}

function namesOf(version: Record_ | undefined): string[] {
  return version === undefined
    ? []
    : (JSON.parse(String(version.columns)) as [string][]).map(([name]) => name);
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}
