import type { Room } from "../habu/rooms.ts";
import { hasFailed, isOver, pollGapMs } from "../habu/runs.ts";
import { waitFor } from "../habu/wait.ts";
import { tableFrom } from "../results/table.ts";
import type { Work } from "../workflow/work.ts";
import type { Input } from "./input.ts";

export async function follow(work: Work<Input>, room: Room, id: string) {
  const { input, habu, services } = work;
  const path = { cleanroomId: room.id, cleanroomFlowRunId: id };
  const seen = await waitFor({
    habu,
    clock: services.clock,
    waitMs: (input.wait_seconds ?? 0) * 1_000,
    look: async () => {
      const last = services.runBook.last(id);
      if (last?.final !== true && (await services.runBook.takeTurn(id, pollGapMs))) {
        const status = ((await habu.call("getCleanroomFlowRunStatus", { path })).status ?? "").toUpperCase();
        await services.runBook.saw(id, { status }, isOver(status));
      }
      const now = services.runBook.last(id);
      const status = String(now?.state.status ?? "UNKNOWN");
      return {
        last: status,
        nextAt:
          now?.final === true || status === "PAUSED"
            ? undefined
            : (now?.at ?? services.clock.now()) + pollGapMs,
      };
    },
    onWait: (ms) => work.progress(ms, ms * 2, "The flow is running"),
  });
  if (seen.last === "COMPLETED") return outputs(work, path, id);
  if (hasFailed(seen.last)) {
    const run = await habu.call("getCleanroomFlowRunByID", { path });
    return work.end({
      summary: `The flow run ended as ${seen.last}: ${run.runMessage ?? "no reason was given"}.`,
      result: { run: { id, status: seen.last } },
      next: [
        {
          tool: "run_flow_workflow",
          why: "replay once the cause is removed",
          arguments: { cleanroom: room.displayId, action: "replay", run: id },
        },
      ],
    });
  }
  const paused = seen.last === "PAUSED";
  return work.end({
    status: "running",
    summary: `The flow run is ${seen.last}. It cannot be cancelled.`,
    result: {
      run: { id, status: seen.last },
      ...(seen.nextAt === undefined ? {} : { next_check_at: new Date(seen.nextAt).toISOString() }),
    },
    next: [
      paused
        ? {
            tool: "run_flow_workflow",
            why: "let it go on",
            arguments: { cleanroom: room.displayId, action: "continue", run: id },
          }
        : {
            tool: "run_flow_workflow",
            why: "look again after next_check_at",
            arguments: { cleanroom: room.displayId, resume: await work.handle() },
          },
    ],
  });
}

async function outputs(
  work: Work<Input>,
  path: { cleanroomId: string; cleanroomFlowRunId: string },
  id: string,
) {
  const { habu } = work;
  const nodes = await habu.call("getCleanroomFlowRunOutputNodes", { path });
  const reports = [];
  // A report is asked for by the node's id; its label is no identifier.
  for (const { node } of nodes.slice(0, 10)) {
    const report = await habu.call("getCleanroomFlowRunReport", {
      path,
      query: { node: node?.id ?? "", limit: 5 },
    });
    const { columns, rows } = tableFrom(report);
    reports.push({
      node: node?.label,
      title: node?.title,
      rows_total: report.count ?? rows.length,
      columns: columns.map(({ name }) => name),
      first_rows: rows,
    });
  }
  return work.end({
    summary: `The flow run completed; ${nodes.length} node(s) have output.`,
    result: { run: { id, status: "COMPLETED" }, outputs: reports },
  });
}
