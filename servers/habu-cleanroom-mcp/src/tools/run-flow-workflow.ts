import { ToolError } from "@mcp-data/core";
import { again } from "../flow/again.ts";
import { follow } from "../flow/follow.ts";
import { shape } from "../flow/input.ts";
import { listFlows } from "../flow/list.ts";
import { start } from "../flow/start.ts";
import { plainText } from "../habu/plain-text.ts";
import { resolve } from "../habu/resolve.ts";
import { findRoom } from "../habu/rooms.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

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
