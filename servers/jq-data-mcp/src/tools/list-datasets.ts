import { defineTool, page, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { cursorField, readHints, readScope } from "./fields.ts";

export const listDatasets = defineTool({
  name: "list_datasets",
  title: "List datasets",
  description: "Returns the JSON datasets programs may read: name, format, size and time of change. describe_dataset shows the shape of one.",
  input: z.strictObject({ cursor: cursorField }),
  output: z.object({
    datasets: untrusted(
      z.array(z.object({ name: z.string(), format: z.string(), gzip: z.boolean(), bytes: z.int(), changed_at: z.string(), origin: z.string() })),
    ),
  }),
  annotations: readHints,
  scopes: readScope,
  group: "team",
  async run({ cursor }, { services, principal }: ToolContext<Services>) {
    const binding = { tool: "list_datasets", principal: principal.id, of: [] };
    const offset = cursor === undefined ? 0 : services.cursors.open(cursor, binding, z.int().min(0));
    const all = (await services.datasets.list()).map(({ changedAt, ...entry }) => ({ ...entry, changed_at: changedAt }));
    const { items, page: meta } = page(all.slice(offset), { limit: 500, offset, total: all.length, mint: (at) => services.cursors.mint(binding, at) });
    return { data: { datasets: items }, page: meta };
  },
});
