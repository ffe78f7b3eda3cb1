import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { differences } from "../compare/differences.ts";
import { matchedRuns } from "../compare/matched-runs.ts";
import { chosenPair } from "../compare/pair.ts";
import { scopeOf } from "../lineage/scope.ts";
import type { Services } from "../services.ts";
import {
  cursorField,
  listing,
  metaOutput,
  notebookField,
  readOnlyHints,
  readScope,
  rowsOutput,
} from "./fields.ts";

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
    cursor: cursorField,
  }),
  output: z.object({ ...metaOutput, run_a: z.string(), run_b: z.string(), changes: rowsOutput() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { memory } = context.services;
    await memory.fresh();
    const { kind, a, b } = await chosenPair(memory, input, await scopeOf(memory, input.notebook));
    const matched = await matchedRuns(memory, { kind, a, b, cell: input.cell });
    const changes = await differences(memory, matched);
    const { items, page, meta } = await listing<Record<string, unknown>>({
      tool: "compare_runs",
      context,
      of: [a, b, input.cell],
      cursor: input.cursor,
      limit: 500,
      load: async (offset) => ({ items: changes.slice(offset), total: changes.length }),
      why: async () => "the two have no cell in common",
    });
    return { data: { ...meta, run_a: a, run_b: b, changes: items }, page };
  },
});
