import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Notebook } from "../data/notebook.ts";
import { bootstrapFolder } from "./environment.ts";
import type { CaptureFinding } from "./finding.ts";

const run = promisify(execFile);

/** Files and cells that do not parse, by the notebook's own Python. */
export async function unparsableIn(
  python: string,
  notebooks: readonly Notebook[],
): Promise<CaptureFinding["unparsable"]> {
  const files = notebooks.filter(({ path }) => path.endsWith(".py")).map(({ path }) => path);
  if (files.length === 0) return [];
  try {
    const { stdout } = await run(
      python,
      [join(bootstrapFolder(), "lineage_mcp_capture", "cells.py"), ...files],
      { timeout: 20_000, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LINEAGE_MCP_OFF: "1" } },
    );
    const found = JSON.parse(stdout) as {
      path: string;
      cells: { name: string; index: number; unparsable: boolean; problem?: string | null }[];
      error: { message: string; line: number | null } | null;
    }[];
    return found.flatMap(({ path, cells, error }) => [
      ...(error === null ? [] : [{ notebook: path, problem: `line ${error.line ?? "?"}: ${error.message}` }]),
      ...cells
        .filter(({ unparsable }) => unparsable)
        .map(({ name, index, problem }) => ({
          notebook: path,
          cell: name === "_" ? `#${index}` : name,
          problem: problem ?? "does not parse",
        })),
    ]);
  } catch {
    return [];
  }
}
