import { defineTool, page, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { cursorField, readHints, readScope } from "./fields.ts";

export const listDatasets = defineTool({
  name: "list_datasets",
  title: "List datasets",
  description: "Returns the JSON datasets programs may read, with format and size, in pages.",
  input: z.strictObject({ cursor: cursorField }),
  output: z.object({
    datasets: untrusted(
      z.array(
        z.object({
          name: z.string(),
          format: z.string(),
          gzip: z.boolean(),
          bytes: z.int(),
          changed_at: z.string(),
          origin: z.string(),
        }),
      ),
    ),
    truncated: z.boolean(),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ cursor }, { services, principal }: ToolContext<Services>) {
    const binding = { tool: "list_datasets", principal: principal.id, of: [] };
    const offset = cursor === undefined ? 0 : services.cursors.open(cursor, binding, z.int().min(0));
    const { entries, truncated } = await services.datasets.list();
    const all = entries.map(({ changedAt, ...entry }) => ({
      ...entry,
      changed_at: changedAt,
    }));
    const { items, page: meta } = page(all.slice(offset), {
      limit: 500,
      offset,
      total: all.length,
      mint: (at) => services.cursors.mint(binding, at),
    });
    return {
      data: { datasets: items, truncated },
      page: meta,
      warnings: truncated
        ? [
            `There are more; only the first ${all.length} by name are listed. The others can be named all the same.`,
          ]
        : [],
    };
  },
});
