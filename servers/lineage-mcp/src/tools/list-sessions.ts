import { defineTool, type ToolContext, ToolError } from "@mcp-data/core";
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
import { sqlListing } from "./list-tool.ts";
import { shownSession } from "./session-rows.ts";

export const listSessions = defineTool({
  name: "list_sessions",
  title: "List sessions",
  description:
    "Returns kernels and script runs, newest first: mode, versions, start, end and how it ended, runs and failures.",
  input: z.strictObject({
    notebook: notebookField,
    since: sinceField,
    cursor: cursorField,
    limit: limitField,
  }),
  output: z.object({ ...metaOutput, sessions: rowsOutput() }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "more",
  async run({ notebook, since, cursor, limit }, context: ToolContext<Services>) {
    const { hash } = await scopeOf(context.services.memory, notebook);
    const { items, page, meta } = await sqlListing({
      tool: "list_sessions",
      context,
      of: [hash, since],
      cursor,
      limit,
      select: `SELECT s.session_id, s.notebook_path, s.mode, s.started_at, s.ended_at, s.end_reason, s.pid, s.python_version, s.marimo_version, s.libraries,
                 (SELECT count(*) FROM cell_runs r WHERE r.session_uuid = s.session_uuid) AS runs,
                 (SELECT count(*) FROM cell_runs r WHERE r.session_uuid = s.session_uuid AND r.status = 'failed') AS failed
               FROM sessions s WHERE ($1 = '' OR s.notebook_hash = $1) AND ($2 = '' OR s.started_at >= CAST($2 AS TIMESTAMP))`,
      order: "started_at DESC, session_id",
      params: [hash, utc(since)],
      asked: "that notebook and time",
    });
    return { data: { ...meta, sessions: items.map(shownSession) }, page };
  },
});

/** For comparison with stored times; empty: no bound. VALIDATION_ERROR for what is no time. */
export function utc(since: string | undefined): string {
  if (since === undefined) return "";
  const at = Date.parse(since);
  if (Number.isNaN(at))
    throw new ToolError("VALIDATION_ERROR", "since is no time.", {
      hint: "Write it as 2026-01-31T12:00:00Z.",
    });
  return new Date(at).toISOString().replace("Z", "");
}
