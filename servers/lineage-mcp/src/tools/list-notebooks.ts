import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { cursorField, limitField, metaOutput, readOnlyHints, readScope, rowsOutput } from "./fields.ts";
import { sqlListing } from "./list-tool.ts";

export const listNotebooks = defineTool({
  name: "list_notebooks",
  title: "List notebooks",
  description: "Returns the recorded notebooks, newest first, with runs and failures. Start here.",
  input: z.strictObject({ cursor: cursorField, limit: limitField }),
  output: z.object({ ...metaOutput, notebooks: rowsOutput() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run({ cursor, limit }, context: ToolContext<Services>) {
    const { items, page, meta } = await sqlListing({
      tool: "list_notebooks",
      context,
      of: [],
      cursor,
      limit,
      select: `SELECT s.notebook_hash AS hash, any_value(s.notebook_path) AS path, count(DISTINCT s.session_uuid) AS sessions, count(r.run_id) AS runs,
                 count(r.run_id) FILTER (r.status = 'failed') AS failed, max(coalesce(r.ended_at, r.started_at, s.started_at)) AS last_activity,
                 (SELECT count(DISTINCT c.cell_id) FROM cells c WHERE c.notebook_hash = s.notebook_hash AND c.problem IS NOT NULL) AS unparsable_cells
               FROM sessions s LEFT JOIN cell_runs r USING (session_uuid) GROUP BY s.notebook_hash`,
      order: "last_activity DESC, hash",
      params: [],
      asked: "any notebook",
    });
    return { data: { ...meta, notebooks: items }, page };
  },
});
