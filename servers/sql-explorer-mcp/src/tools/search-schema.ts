import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { ageSeconds } from "../catalog/view.ts";
import { pickSource } from "../project/project.ts";
import type { Services } from "../services.ts";
import { readOnlyHints, readScope, sourceField } from "./fields.ts";

export const searchSchema = defineTool({
  name: "search_schema",
  title: "Search schema",
  description:
    "Returns tables and columns ranked by how well their names, comments and synonyms fit a few words; misspellings are forgiven. Use it instead of paging through list_tables when you know what you look for.",
  input: z.strictObject({
    source: sourceField,
    query: z.string().min(1).max(200).describe("Words to look for, such as customer email."),
    kinds: z
      .array(z.enum(["table", "column"]))
      .max(2)
      .optional()
      .describe("Only tables, or only columns."),
    limit: z.int().min(1).max(100).default(20).describe("Results at most."),
  }),
  output: z.object({
    results: untrusted(
      z.array(
        z.object({
          kind: z.enum(["table", "column"]),
          schema: z.string(),
          table: z.string(),
          column: z.string().optional(),
          type: z.string().optional(),
          score: z.number(),
          matched: z.array(z.string()),
          snippet: z.string().optional(),
        }),
      ),
    ),
    catalog_age_seconds: z.number(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "read",
  async run({ source: id, query, kinds, limit }, { services, principal, signal }: ToolContext<Services>) {
    const source = pickSource(services.projects.of(principal), id);
    const view = await source.view(signal);
    const results = services.search(view).search(query, { ...(kinds === undefined ? {} : { kinds }), limit });
    const empty = results.length === 0 ? ["Nothing fits; try other words or list_tables."] : [];
    return {
      data: {
        results: results.map((result) => ({ ...result, matched: [...result.matched] })),
        catalog_age_seconds: ageSeconds(view),
      },
      warnings: [...view.warnings, ...empty],
      audit: { source: source.id, results: results.length },
    };
  },
});
