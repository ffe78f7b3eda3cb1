import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import { flavoured } from "../exchange/flavour.ts";
import { scopeOf } from "../lineage/scope.ts";
import type { Services } from "../services.ts";
import { cursorField, metaOutput, notebookField, readOnlyHints, readScope, sinceField } from "./fields.ts";
import { utc } from "./list-sessions.ts";
import { sqlListing } from "./list-tool.ts";

export const exportOpenlineage = defineTool({
  name: "export_openlineage",
  title: "Export OpenLineage",
  description:
    "Returns recorded runs as OpenLineage RunEvents, oldest first, in pages. flavor marquez adds the older fields Marquez reads. For a file or an HTTP endpoint run `lineage-mcp export`.",
  input: z.strictObject({
    notebook: notebookField,
    since: sinceField,
    flavor: z.enum(["spec", "marquez"]).default("spec").describe("marquez adds older fields."),
    cursor: cursorField,
    limit: z.int().min(1).max(200).default(20).describe("Per page."),
  }),
  output: z.object({ ...metaOutput, events: untrusted(z.array(z.record(z.string(), z.unknown()))) }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "more",
  async run(input, context: ToolContext<Services>) {
    const { hash, session } = await scopeOf(context.services.memory, input.notebook);
    const { items, page, meta } = await sqlListing({
      tool: "export_openlineage",
      context,
      of: [hash, session, input.since, input.flavor],
      cursor: input.cursor,
      limit: input.limit,
      select: `SELECT event, event_time, event_key FROM ol_events e WHERE ($1 = '' OR session_id = $1) AND ($2 = '' OR event_time >= CAST($2 AS TIMESTAMP))
                 AND ($3 = '' OR session_id IN (SELECT s.session_id FROM sessions s WHERE s.notebook_hash = $3))`,
      order: "event_time, event_key",
      params: [session, utc(input.since), hash],
      asked: "that session and time",
    });
    return {
      data: {
        ...meta,
        events: items.map(({ event }) =>
          flavoured(JSON.parse(String(event)) as Record<string, unknown>, input.flavor),
        ),
      },
      page,
    };
  },
});
