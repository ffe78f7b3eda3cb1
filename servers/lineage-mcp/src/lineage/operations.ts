import type { Cell, Memory, Record_ } from "../store/memory.ts";

const most = 5_000;
const ofRuns = `run_id IN (SELECT unnest(from_json($1::JSON, '["VARCHAR"]')))`;

/** In the order they ran; a frame is called by its variables where it has some, else by its id. */
export async function operationsOf(memory: Memory, runs: readonly string[]): Promise<Record_[]> {
  const asked = [JSON.stringify(runs)];
  const rows = await memory.rows(
    `SELECT CASE WHEN c.cell_name = '_' THEN c.cell_id ELSE coalesce(c.cell_name, o.cell_id) END AS cell, o.run_id, seq, library, family, op, line, confidence, reason,
            o.duration_ms, inputs->>'$[*].uid' AS inputs, outputs->>'$[0].uid' AS output, TRY_CAST(outputs->>'$[0].rows' AS BIGINT) AS rows
     FROM df_ops o LEFT JOIN cell_runs c ON c.run_id = o.run_id WHERE o.${ofRuns} ORDER BY c.started_at, o.run_id, seq LIMIT ${most}`,
    asked,
  );
  const bound = await memory.rows(
    `SELECT uid, string_agg(DISTINCT variable, ' = ' ORDER BY variable) AS variables FROM bindings
     WHERE session_id IN (SELECT session_id FROM cell_runs WHERE ${ofRuns}) GROUP BY uid`,
    asked,
  );
  const names = new Map(bound.map(({ uid, variables }) => [uid, variables]));
  const called = (uid: Cell | undefined) => names.get(uid ?? null) ?? uid ?? null;
  return rows.map((row) => ({
    ...row,
    inputs: Array.isArray(row.inputs) ? row.inputs.map(called) : null,
    output: called(row.output),
  }));
}
