import { defineTool, page, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { cursorField, readHints, readScope } from "./fields.ts";

const limit = 500;

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
  }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ cursor }, { services, principal }: ToolContext<Services>) {
    const binding = { tool: "list_datasets", principal: principal.id, of: [] };
    const after = cursor === undefined ? undefined : services.cursors.open(cursor, binding, z.string());
    const { entries, total, more, last } = await services.datasets.list({ after, limit });
    const all = entries.map(({ entry: { changedAt, ...entry } }) => ({ ...entry, changed_at: changedAt }));
    const { items, page: meta } = page(all, {
      limit,
      offset: 0,
      total,
      more,
      // Of the last one shown: what comes and goes before it moves nothing.
      mint: (at) =>
        services.cursors.mint(binding, at < entries.length ? entries[at - 1]?.place : (last ?? after)),
    });
    return { data: { datasets: items }, page: meta };
  },
});
