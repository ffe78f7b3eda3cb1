import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { createOnce, repeatUntilKnown } from "../client/settle.ts";
import { plainText } from "../habu/plain-text.ts";
import { resolve } from "../habu/resolve.ts";
import { findRoom, type Room } from "../habu/rooms.ts";
import { hasFailed, isOver, pollGapMs } from "../habu/runs.ts";
import { withSlot } from "../habu/start-run.ts";
import { waitFor } from "../habu/wait.ts";
import { tableFrom } from "../results/table.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text, values, waitSeconds } from "./fields.ts";

const shape = {
  cleanroom: reference,
  flow: reference.optional(),
  action: z.enum(["list", "run", "replay", "continue"]).optional(),
  run: text(100).optional(),
  name: text(80).optional(),
  parameters: z.record(text(), values).optional(),
  wait_seconds: waitSeconds,
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const runFlowWorkflow = workflowTool({
  name: "run_flow_workflow",
  title: "Run a flow",
  description:
    "Lists flows of a clean room, runs one with its nodes' parameters, follows it to the output of each node, replays a run or continues a paused one. Parameters are by node: {node: {name: value}}. Flows are drawn in the console.",
  group: "flows",
  kind: "write",
  needs: [],
  uses: [
    ...([
      "getAllCleanrooms",
      "listCleanroomFlows",
      "previewFlowRunParameters",
      "createOrUpdateCleanroomFlowRun",
      "listCleanroomFlowRuns",
    ] as const),
    ...([
      "getCleanroomFlowRunStatus",
      "getCleanroomFlowRunOutputNodes",
      "getCleanroomFlowRunReport",
      "getCleanroomFlowRunByID",
      "replayCleanroomFlowRun",
      "resumeCleanroomFlowRun",
    ] as const),
  ],
  input: shape,
  words: {
    cleanroom: "id or name",
    flow: "id or name",
    action: "action",
    run: "id",
    name: "of the run",
    parameters: "{node: {name: text}}",
    wait_seconds: "0-600",
  },
  timeoutMs: 660_000,
  async run(work) {
    const { input, habu } = work;
    const room = await findRoom(habu, input.cleanroom);
    const flows = await listFlows(work, room);
    if (input.action === "list")
      return work.end({ summary: `${flows.length} flow(s) in ${room.displayId}.`, result: { flows } });
    if (input.action === "continue" || (input.action === "replay" && input.run !== undefined))
      return again(work, room);
    const flow =
      input.flow === undefined
        ? flows.length === 1
          ? flows[0]
          : undefined
        : resolve("flow", input.flow, flows);
    if (flow === undefined)
      return work.ask([
        { field: "flow", why: "Which one to run.", candidates: flows.map(({ name }) => name) },
      ]);
    if (input.flow === undefined) work.assume(`flow ${plainText(flow.name, 60)}, the only one`);
    if (work.resumed("run")) {
      const made = await work.step("run", "flow run", (retaken) => start(work, room, flow, retaken));
      return follow(work, room, made.id);
    }
    const preview = await habu.call("previewFlowRunParameters", {
      path: { cleanroomId: room.id, cleanroomFlowId: flow.id },
      body: {},
    });
    const nodes = (preview.nodes ?? []).map(
      ({ nodeIdentifier = "", questionName = "", parameters = [] }) => ({
        node: nodeIdentifier,
        question: questionName,
        parameters: parameters.map(({ name = "", fieldType = "" }) => ({ name, type: fieldType })),
      }),
    );
    const missing = nodes.flatMap(({ node, question, parameters }) =>
      parameters
        .filter(({ name }) => input.parameters?.[node]?.[name] === undefined)
        .map(({ name, type }) => ({ field: `parameters.${node}.${name}`, why: `${question}; ${type}` })),
    );
    const unknown = Object.keys(input.parameters ?? {}).find(
      (node) => !nodes.some((one) => one.node === node),
    );
    if (unknown !== undefined)
      throw new ToolError("VALIDATION_ERROR", `"${unknown.slice(0, 60)}" is no node of this flow.`, {
        hint: `Nodes: ${nodes.map(({ node }) => node).join(", ")}.`,
      });
    if (missing.length > 0) return work.ask(missing, { nodes });
    const stop = await work.plan([{ step: "run flow", what: flow.name }], {
      nodes,
      slots: work.services.ledger.use("flow"),
    });
    if (stop !== undefined) return stop;
    const made = await work.step("run", "flow run", (retaken) => start(work, room, flow, retaken));
    return follow(work, room, made.id);
  },
});

async function listFlows({ habu }: Work<Input>, room: Room) {
  const given = await habu.call("listCleanroomFlows", {
    path: { cleanroomId: room.id },
    body: { limit: 200, offset: 0 },
  });
  return (given.cleanRoomFlows ?? []).map((one) => ({
    id: one.ID ?? "",
    displayId: one.displayID,
    name: one.flow?.name ?? "",
    status: one.status ?? "",
    runs: one.runCount ?? 0,
  }));
}

async function start(work: Work<Input>, room: Room, flow: { id: string; name: string }, retaken: boolean) {
  const { input, habu, services } = work;
  const name = `${input.name ?? flow.name.slice(0, 60)} ${(await work.handle()).slice(-8)}`;
  const path = { cleanroomId: room.id, cleanroomFlowId: flow.id };
  const find = async () => {
    const { cleanRoomFlowRuns = [] } = await habu.call(
      "listCleanroomFlowRuns",
      { path, query: { limit: 100 } },
      { fresh: true },
    );
    const same = cleanRoomFlowRuns.find((run) => run.name === name);
    return same?.id === undefined ? undefined : { id: same.id };
  };
  const found = retaken ? await find() : undefined;
  if (found !== undefined) return { value: found, state: "adopted" as const };
  const body = {
    name,
    nodes: Object.entries(input.parameters ?? {}).map(([nodeIdentifier, parameters]) => ({
      nodeIdentifier,
      parameters,
    })),
  };
  const { value, adopted } = await createOnce({
    what: `the flow run "${name}"`,
    attempt: () =>
      withSlot(services.ledger, "flow", async () => {
        const given = await habu.call("createOrUpdateCleanroomFlowRun", { path, body });
        const id = given.id ?? "";
        await services.runBook.saw(id, { status: (given.status ?? "QUEUED").toUpperCase() }, false);
        return { id };
      }),
    find,
  });
  return {
    value,
    state: adopted ? ("adopted" as const) : ("done" as const),
    undo: "a flow run cannot be cancelled",
  };
}

async function follow(work: Work<Input>, room: Room, id: string) {
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

async function again(work: Work<Input>, room: Room) {
  const { input, habu, services } = work;
  if (input.run === undefined)
    throw new ToolError("VALIDATION_ERROR", `run is missing for ${input.action}.`, {
      hint: "Give the id of the flow run.",
    });
  const path = { cleanroomId: room.id, cleanroomFlowRunId: input.run };
  if (input.action === "continue") {
    const stop = await work.plan([{ step: "continue flow run", what: input.run }]);
    if (stop !== undefined) return stop;
    await work.step("continue", "continue flow run", async () => {
      await repeatUntilKnown(
        () => habu.call("resumeCleanroomFlowRun", { path, body: {} }),
        async () => undefined,
      );
      return { value: input.run ?? "" };
    });
    return follow(work, room, input.run);
  }
  const stop = await work.plan([
    { step: "replay flow run", what: input.run, effect: "costs one of 20 flow runs an hour" },
  ]);
  if (stop !== undefined) return stop;
  const name = `replay ${(await work.handle()).slice(-8)}`;
  const made = await work.step("run", "flow run", async () => {
    const given = await withSlot(services.ledger, "flow", () =>
      habu.call("replayCleanroomFlowRun", { path, body: { name } }),
    );
    return { value: { id: given.cleanRoomFlowRunID ?? "" } };
  });
  return follow(work, room, made.id);
}
