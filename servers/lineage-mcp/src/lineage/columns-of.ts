import { ToolError } from "@mcp-data/core";
import type { Memory } from "../store/memory.ts";
import type { Dataset } from "./scope.ts";

/** Of the newest version; empty where none was recorded. */
export async function columnsOf(memory: Memory, { namespace, name }: Dataset): Promise<string[]> {
  const [row] = await memory.rows(
    "SELECT columns FROM dataset_versions WHERE namespace = $1 AND name = $2 ORDER BY created_at DESC LIMIT 1",
    [namespace, name],
  );
  if (row === undefined) return [];
  return (JSON.parse(String(row.columns)) as [string, string | null][]).map(([column]) => column);
}

/** NOT_FOUND when every column of the datasets is known and it is none of them. */
export async function requireColumn(
  memory: Memory,
  datasets: readonly Dataset[],
  column: string,
): Promise<void> {
  const all = await Promise.all(datasets.map((each) => columnsOf(memory, each)));
  if (all.some((columns) => columns.length === 0 || columns.includes(column))) return;
  const shown = all.flat().slice(0, 50).join(", ").slice(0, 800);
  throw new ToolError("NOT_FOUND", `The dataset has no column ${column.slice(0, 100)}.`, {
    hint: `It has ${shown}.`,
    details: { reason: "unknown" },
  });
}

/** Columns of the newest version that were not made in full view of the recorder. */
export async function doubtsOf(memory: Memory, { namespace, name }: Dataset): Promise<Set<string>> {
  const rows = await memory.rows(
    `SELECT o->'$.facets.lineageMcp_confidence.columns' AS doubts FROM (
       SELECT unnest(from_json(event->'outputs', '["JSON"]')) AS o FROM ol_events
       WHERE event_type <> 'START' AND run_id = (SELECT arg_max(run_id, created_at) FROM dataset_versions WHERE namespace = $1 AND name = $2))
     WHERE json_extract_string(o, '$.namespace') = $1 AND json_extract_string(o, '$.name') = $2`,
    [namespace, name],
  );
  return new Set(
    rows.flatMap(({ doubts }) => Object.keys((JSON.parse(String(doubts ?? "{}")) as object | null) ?? {})),
  );
}
