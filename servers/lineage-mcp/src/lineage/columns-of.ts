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
