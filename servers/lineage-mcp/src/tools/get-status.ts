import { defineTool, type ToolContext, untrusted } from "@mcp-data/core";
import { z } from "zod";
import type { Services } from "../services.ts";
import { readOnlyHints, readScope, rowsOutput } from "./fields.ts";
import { shownSession } from "./session-rows.ts";

export const getStatus = defineTool({
  name: "get_status",
  title: "Get status",
  description:
    "Returns whether recording works and the fix when not: Python, live sessions, events read and refused, lag, who holds the database.",
  input: z.strictObject({}),
  output: z.object({
    as_of: z.string(),
    ingest_lag_ms: z.number(),
    capture: untrusted(z.record(z.string(), z.unknown())),
    ingest: z.record(z.string(), z.unknown()),
    sessions: rowsOutput(),
    recorder: z.record(z.string(), z.unknown()),
    demo: z.boolean(),
  }),
  annotations: readOnlyHints,
  scopes: readScope,
  group: "lineage",
  async run(_input, { services }: ToolContext<Services>) {
    const { memory } = services;
    const fresh = await memory.fresh();
    const { as_of: _, ingest_lag_ms: __, ...ingest } = await memory.status();
    const sessions = await memory.rows(
      "SELECT session_id, notebook_path, mode, pid, marimo_version, libraries, started_at, ended_at FROM sessions WHERE ended_at IS NULL ORDER BY started_at DESC LIMIT 10",
    );
    const [recorder] = await memory.rows(
      "SELECT sum(events_dropped) AS dropped, sum(events_skipped) AS skipped_in_loops, sum(capture_overhead_ms) AS overhead_ms, sum(duration_ms) AS run_ms, count(*) AS runs FROM cell_runs",
    );
    const [dead] = await memory.rows(
      "SELECT path, line_no, reason FROM dead_letters ORDER BY seen_at DESC LIMIT 1",
    );
    return {
      data: {
        ...fresh,
        capture: { ...(await services.capture()) },
        ingest: { ...ingest, ...(dead === undefined ? {} : { last_dead_letter: dead }) },
        sessions: sessions.map((session) => ({ ...shownSession(session), pid: session.pid })),
        recorder: recorder ?? {},
        demo: services.demo,
      },
    };
  },
});
