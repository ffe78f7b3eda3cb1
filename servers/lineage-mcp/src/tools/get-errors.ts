import { defineTool, type ToolContext } from "@mcp-data/core";
import { z } from "zod";
import { scopeOf } from "../lineage/scope.ts";
import type { Services } from "../services.ts";
import {
  cursorField,
  limitField,
  metaOutput,
  notebookField,
  readOnlyHints,
  readScope,
  rowsOutput,
  sinceField,
} from "./fields.ts";
import { filled } from "./get-cell-runs.ts";
import { utc } from "./list-sessions.ts";
import { sqlListing } from "./list-tool.ts";

export const getErrors = defineTool({
  name: "get_errors",
  title: "Get errors",
  description:
    "Returns failed cell runs, latest first, and cells that do not parse. fixed: a later run of the cell succeeded.",
  input: z.strictObject({
    notebook: notebookField,
    since: sinceField,
    include_traceback: z.boolean().default(false).describe("With the stack."),
    cursor: cursorField,
    limit: limitField,
  }),
  output: z.object({ ...metaOutput, errors: rowsOutput(), unparsable: rowsOutput().optional() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(input, context: ToolContext<Services>) {
    const { services } = context;
    const { hash, session } = await scopeOf(services.memory, input.notebook);
    const { items, page, meta } = await sqlListing({
      tool: "get_errors",
      context,
      of: [hash, session, input.since, input.include_traceback],
      cursor: input.cursor,
      limit: input.limit,
      select: `SELECT r.run_id, r.session_id, r.notebook_hash, r.cell_id, r.cell_name, r.cell_index, r.started_at, r.error_type, r.error_message, r.error_line
                 ${input.include_traceback ? ", r.traceback" : ""},
                 EXISTS (SELECT 1 FROM cell_runs l WHERE l.session_uuid = r.session_uuid AND l.cell_id = r.cell_id AND l.status = 'completed' AND l.started_at > r.started_at) AS fixed
               FROM cell_runs r WHERE r.status = 'failed' AND ($1 = '' OR r.notebook_hash = $1) AND ($2 = '' OR r.session_id = $2)
                 AND ($3 = '' OR r.started_at >= CAST($3 AS TIMESTAMP))`,
      order: "started_at DESC, run_id",
      params: [hash, session, utc(input.since)],
      asked: "failed runs with these filters",
    });
    const unparsable = await services.memory.rows(
      `SELECT DISTINCT notebook_hash, cell_name, cell_index, problem FROM cells c WHERE problem IS NOT NULL AND ($1 = '' OR notebook_hash = $1)
         AND seen_at = (SELECT max(seen_at) FROM cells n WHERE n.notebook_hash = c.notebook_hash) ORDER BY ALL LIMIT 20`,
      [hash],
    );
    const files = (await services.capture()).unparsable.filter(
      (each) =>
        hash === "" || services.notebooks.some((one) => one.hash === hash && one.path === each.notebook),
    );
    const broken = [...unparsable.map((row) => ({ ...row })), ...files.filter(() => unparsable.length === 0)];
    return {
      data: { ...meta, errors: items.map(filled), ...(broken.length === 0 ? {} : { unparsable: broken }) },
      page,
    };
  },
});
