import { newRun, statusAt } from "../run-state.ts";
import type { Flow } from "../world.ts";
import { type Ask, flowOf, type Handlers, iso, questionOf, refuse, roomOf } from "./handler.ts";
import { partitionsOf } from "./one-room-question.ts";
import { tableOf } from "./runs.ts";

export const flowHandlers: Handlers = {
  listCleanroomFlows: (ask) => {
    const { limit = 0, offset = 0, search = "" } = ask.body;
    const all = roomOf(ask).flows.filter((flow) =>
      flow.name.toLowerCase().includes(String(search).toLowerCase()),
    );
    return {
      cleanRoomFlows: all.slice(offset, offset + limit).map((flow) => shown(flow, ask)),
      count: all.length,
    };
  },
  getCleanroomFlow: (ask) => ({ cleanRoomFlow: shown(flowOf(ask), ask) }),
  getCleanroomFlowNodeDetails: (ask) => ({
    nodes: flowOf(ask).nodes.map((node) => ({
      nodeIdentifier: node.identifier,
      nodeID: node.nodeId,
      nodeLevel: node.level,
      title: node.title,
      status: "READY",
    })),
  }),
  getCleanroomFlowRunparameters: (ask) => ({
    flowRunParameters: flowOf(ask).nodes.map((node) => ({
      nodeId: node.nodeId,
      nodeQuestionName: node.title,
      parameterMetadataList: parametersOf(ask, node.roomQuestionId),
    })),
  }),
  previewFlowRunParameters: (ask) => ({
    nodes: flowOf(ask).nodes.map((node) => ({
      nodeId: node.nodeId,
      nodeIdentifier: node.identifier,
      questionName: node.title,
      questionVersion: 1,
      nodeLevel: node.level,
      parameters: parametersOf(ask, node.roomQuestionId),
    })),
  }),
  createOrUpdateCleanroomFlowRun(ask) {
    const flow = flowOf(ask);
    const { world, body, now } = ask;
    const given: Record<string, Record<string, string>> = Object.fromEntries(
      (body.nodes ?? []).map(
        ({ nodeIdentifier, parameters }: { nodeIdentifier: string; parameters: Record<string, string> }) => [
          nodeIdentifier,
          parameters,
        ],
      ),
    );
    const missing = flow.nodes.flatMap((node) =>
      parametersOf(ask, node.roomQuestionId)
        .filter(({ name }) => given[node.identifier]?.[name] === undefined)
        .map(({ name }) => name),
    );
    const run = newRun(
      world,
      { id: flow.id, title: flow.name },
      { name: body.name ?? "", parameters: {}, at: now, missing },
    );
    flow.runs.push({ ...run, nodeParameters: given });
    return shownRun(run, now);
  },
  listCleanroomFlowRuns: (ask) => {
    const runs = [...flowOf(ask).runs].sort((a, b) => b.submittedAt - a.submittedAt);
    return {
      cleanRoomFlowRuns: runs.slice(0, Number(ask.query.limit ?? 30)).map((run) => shownRun(run, ask.now)),
      count: runs.length,
    };
  },
  getCleanroomFlowRunByID: (ask) => shownRun(runOf(ask).run, ask.now),
  getCleanroomFlowRunStatus: (ask) => ({ status: statusAt(runOf(ask).run, ask.now) }),
  getCleanroomFlowRunOutputNodes: (ask) => {
    const { flow, run } = runOf(ask);
    return flow.nodes.map((node) => ({
      node: {
        id: node.nodeId,
        flowId: flow.id,
        label: node.identifier,
        level: node.level,
        title: node.title,
        cleanroomQuestionId: node.roomQuestionId,
      },
      runStatus: statusAt(run, ask.now),
      runID: run.id,
    }));
  },
  getCleanroomFlowRunReport: (ask) => {
    const { flow, run } = runOf(ask);
    const node =
      flow.nodes.find(({ nodeId }) => nodeId === ask.query.node) ??
      refuse(400, "node must be the id of an output node.");
    if (statusAt(run, ask.now) !== "COMPLETED") refuse(400, "The flow run has no results.");
    const question =
      ask.world.roomQuestions.find(({ id }) => id === node.roomQuestionId) ??
      refuse(404, "Question not found.");
    return { ...tableOf(questionOf(ask.world, question.questionId), run, ask.query), count: run.rows };
  },
  resumeCleanroomFlowRun: (ask) => {
    const { run } = runOf(ask);
    if (statusAt(run, ask.now) !== "PAUSED") return { success: false };
    run.path = ["COMPLETED"];
    run.endsAfter = ask.now - run.submittedAt + 10 * 60_000;
    return { success: true };
  },
  replayCleanroomFlowRun(ask) {
    const { flow, run } = runOf(ask);
    const again = newRun(
      ask.world,
      { id: flow.id, title: flow.name },
      { name: ask.body.name ?? `${run.name} replay`, parameters: {}, at: ask.now, missing: [] },
    );
    flow.runs.push({ ...again, nodeParameters: run.nodeParameters });
    return { success: true, cleanRoomFlowRunID: again.id };
  },
};

function parametersOf(ask: Ask, roomQuestionId: string) {
  const found = ask.world.roomQuestions.find(({ id }) => id === roomQuestionId);
  if (found === undefined) return [];
  const question = questionOf(ask.world, found.questionId);
  return [
    ...question.parameters.map(({ name, type }, index) => ({
      name,
      displayName: name,
      index,
      fieldType: type,
      parameterType: "RUN_TIME_PARAMETER",
    })),
    ...partitionsOf(ask.world, found).map(({ name, dataType }, index) => ({
      name,
      displayName: name,
      index,
      fieldType: dataType,
      parameterType: "PARTITION_PARAMETER",
    })),
  ];
}

function runOf(ask: Ask) {
  for (const flow of roomOf(ask).flows) {
    const run = flow.runs.find(({ id }) => id === ask.path.cleanroomFlowRunId);
    if (run !== undefined) return { flow, run };
  }
  return refuse(404, "Flow run not found.");
}

function shown(flow: Flow, ask: Ask) {
  return {
    ID: flow.id,
    displayID: flow.displayId,
    cleanRoomID: roomOf(ask).id,
    flowID: flow.id,
    status: "READY",
    stage: "READY",
    flow: {
      ID: flow.id,
      displayID: flow.displayId,
      name: flow.name,
      description: flow.description,
      version: flow.version,
    },
    runCount: flow.runs.length,
    flowVersion: flow.version,
    isProvisioned: true,
  };
}

function shownRun(run: Flow["runs"][number] | ReturnType<typeof newRun>, now: number) {
  const ended = now >= run.submittedAt + run.endsAfter;
  return {
    id: run.id,
    name: run.name,
    status: statusAt(run, now),
    submittedAt: iso(run.submittedAt),
    ...(ended ? { completedAt: iso(run.submittedAt + run.endsAfter) } : {}),
    ...(run.failureReason === undefined || !ended ? {} : { runMessage: run.failureReason }),
  };
}
