import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { metaOutput, readOnlyHints, readScope } from "./fields.ts";

export const queryMemories = defineTool({
  name: "query_memories",
  title: "Query memories",
  description:
    "Runs one read-only DuckDB SELECT over everything recorded. Use it when no other tool answers; inspect_schema shows tables and example queries.",
  input: z.strictObject({
    sql_query: z.string().min(1).max(65_536).describe("One SELECT."),
    limit: z.int().min(1).max(1_000).default(100).describe("Rows."),
    timeout_ms: z.int().min(10).max(60_000).default(5_000).describe("Then it is interrupted."),
  }),
  output: z.object({
    ...metaOutput,
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: untrusted(z.array(z.array(z.unknown()))),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  timeoutMs: 70_000,
  async run({ sql_query, limit, timeout_ms }, { services, signal }: ToolContext<Services>) {
    const fresh = await services.memory.fresh();
    const answer = await services.memory.query(sql_query, { limit, timeoutMs: timeout_ms }, signal);
    const rows: unknown[][] = [];
    let size = 0;
    for (const row of answer.rows) {
      size += JSON.stringify(row).length;
      if (size > 24_000 && rows.length > 0) break;
      rows.push([...row]);
    }
    const cut = answer.truncated || rows.length < answer.rows.length;
    return {
      data: {
        ...fresh,
        total: answer.rows.length,
        returned: rows.length,
        truncated: cut,
        columns: [...answer.columns],
        rows,
        ...(rows.length === 0 ? { reason: "the statement ran and found no rows" } : {}),
      },
      ...(cut ? { warnings: ["There are more rows: add WHERE, LIMIT and OFFSET, or aggregate."] } : {}),
      audit: { rows: rows.length },
    };
  },
});
