import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { readHints, readScope } from "./fields.ts";

export const searchLibrary = defineTool({
  name: "search_library",
  title: "Search the library",
  description:
    "Finds approved functions and tools by words; an empty query lists the most used. Call it first.",
  input: z.strictObject({
    query: z.string().default("").describe("Words."),
    kind: z.enum(["function", "tool"]).optional().describe("Only these."),
    limit: z.int().min(1).max(100).default(20).describe("Results at most."),
  }),
  output: z.object({
    results: untrusted(
      z.array(
        z.object({
          kind: z.string(),
          name: z.string(),
          arity: z.int().optional(),
          description: z.string(),
          parameters: z.array(z.string()),
          calls: z.int(),
          /** Of tools: what runs it. */
          run_with: z.string().optional(),
        }),
      ),
    ),
    total: z.int(),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ query, kind, limit }, { services }: ToolContext<Services>) {
    const listed = new Set(services.listedTools().map(({ name }) => name));
    const words = query.toLowerCase().split(/\W+/).filter(Boolean);
    const calls = new Map(services.insights.metrics().map((metric) => [metric.item, metric.calls]));
    const scored = services.reader
      .searchable()
      .filter(({ row }) => kind === undefined || row.kind === kind)
      .map(({ row, parameters, name, rest }) => {
        const score = words.reduce(
          (sum, word) =>
            sum + (name === word ? 6 : name.includes(word) ? 3 : 0) + (rest.includes(word) ? 1 : 0),
          0,
        );
        return { row, parameters, score, calls: calls.get(row.item) ?? 0 };
      })
      .filter(({ score }) => words.length === 0 || score > 0)
      .sort((a, b) => b.score - a.score || b.calls - a.calls || (a.row.item < b.row.item ? -1 : 1));
    return {
      data: {
        results: scored.slice(0, limit).map(({ row, parameters, calls: used }) => ({
          kind: row.kind,
          name: row.name,
          ...(row.kind === "function"
            ? { arity: Number(row.key.split("/")[1]) }
            : { run_with: listed.has(`t_${row.name}`) ? `t_${row.name}` : "run_tool" }),
          description: row.description.slice(0, 300),
          parameters: [...parameters],
          calls: used,
        })),
        total: scored.length,
      },
    };
  },
});
