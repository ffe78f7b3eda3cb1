import { definePrompt, type PromptDefinition } from "@mcp-data/core";
import type { Services } from "../services.ts";

const notebook = {
  name: "notebook",
  description: "Path, file name or hash; not needed when one was recorded.",
  required: false,
};

function said(text: string) {
  return [{ role: "user" as const, text }];
}

function inNotebook(name: string | undefined): string {
  return name === undefined ? "" : ` in the notebook ${name}`;
}

const explainResult = definePrompt<Services>({
  name: "explain_result",
  title: "Explain a result",
  description: "How a frame or file came about, step by step, with how sure each step is.",
  scopes: ["data:read"],
  args: [{ name: "name", description: "Variable, file or cell.", required: true }, notebook],
  async render(args) {
    return said(
      `Explain how ${args.name}${inNotebook(args.notebook)} came about. Call get_lineage (direction upstream, depth 0), get_column_lineage for its columns and describe_dataframe for its shape. ` +
        "Tell it as steps from the sources to the result, naming cells, filters and joins; say where an edge is inferred or coarse.",
    );
  },
});

const slowCells = definePrompt<Services>({
  name: "find_slow_cells",
  title: "Find slow cells",
  description: "Which cells and operations cost the time and memory, and what to try.",
  scopes: ["data:read"],
  args: [notebook],
  async render(args) {
    return said(
      `Find what makes the cells${inNotebook(args.notebook)} slow. Call get_performance by cell and by operation, get_cell_runs with order memory, and get_lineage with level op for the worst cell. ` +
        "Name the three dearest operations with their share of the time, and suggest one change for each.",
    );
  },
});

const traceColumn = definePrompt<Services>({
  name: "trace_column",
  title: "Trace a column",
  description: "Everything a column is made of, and everything it goes into.",
  scopes: ["data:read"],
  args: [
    { name: "dataset", description: "Variable, file or dataset.", required: true },
    { name: "column", description: "Column.", required: true },
    notebook,
  ],
  async render(args) {
    return said(
      `Trace the column ${args.column} of ${args.dataset}${inNotebook(args.notebook)}. Call get_column_lineage upstream with depth 0, then get_impact with the column. ` +
        "Show its path from the sources, each transformation on the way, and what would change with it.",
    );
  },
});

export const prompts: readonly PromptDefinition<Services>[] = [explainResult, slowCells, traceColumn];
