import { connectionsOperations } from "./operations/connections.ts";
import { datasetsOperations } from "./operations/datasets.ts";
import { exportsOperations } from "./operations/exports.ts";
import { flowsOperations } from "./operations/flows.ts";
import { peopleOperations } from "./operations/people.ts";
import { questionsOperations } from "./operations/questions.ts";
import { roomQuestionsOperations } from "./operations/room-questions.ts";
import { roomsOperations } from "./operations/rooms.ts";
import { runsOperations } from "./operations/runs.ts";
import { serviceOperations } from "./operations/service.ts";
import { sourcesOperations } from "./operations/sources.ts";

/** Every public operation of the platform; those marked internal by its owner are left out. */
export const operations = {
  ...serviceOperations,
  ...roomsOperations,
  ...connectionsOperations,
  ...questionsOperations,
  ...roomQuestionsOperations,
  ...runsOperations,
  ...peopleOperations,
  ...datasetsOperations,
  ...flowsOperations,
  ...sourcesOperations,
  ...exportsOperations,
};

export type Operations = typeof operations;
export type OperationId = keyof Operations;

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly reply: string;
}

export const operationIds = Object.keys(operations) as OperationId[];

export function operationOf(id: OperationId): Operation {
  return operations[id];
}

/** POSTs that only read. */
const readingPosts: ReadonlySet<OperationId> = new Set([
  "listCleanroomFlows",
  "previewFlowRunParameters",
  "getDatasetOrganizations",
]);

export function isRead(id: OperationId): boolean {
  return operations[id].method === "GET" || readingPosts.has(id);
}

/** Reads the platform allows every five minutes; one whose answer got lost counts as well. */
const countedReads: ReadonlySet<OperationId> = new Set([
  "getCleanroomQuestionRunById",
  "getCleanroomFlowRunStatus",
]);

/** Whether a request without an answer may be sent again at once. */
export function isRepeatable(id: OperationId): boolean {
  return isRead(id) && !countedReads.has(id);
}
