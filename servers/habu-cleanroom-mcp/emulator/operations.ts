import type { OperationId } from "../src/contract/operations.ts";
import { connectionHandlers } from "./handlers/connections.ts";
import { datasetHandlers } from "./handlers/datasets.ts";
import { exportHandlers } from "./handlers/exports.ts";
import { flowHandlers } from "./handlers/flows.ts";
import type { Handlers } from "./handlers/handler.ts";
import { peopleHandlers } from "./handlers/people.ts";
import { questionDatasetHandlers } from "./handlers/question-datasets.ts";
import { questionScheduleHandlers } from "./handlers/question-schedules.ts";
import { questionHandlers } from "./handlers/questions.ts";
import { roomQuestionHandlers } from "./handlers/room-questions.ts";
import { roomHandlers } from "./handlers/rooms.ts";
import { runHandlers } from "./handlers/runs.ts";
import { sourceHandlers } from "./handlers/sources.ts";

export const handlers: Handlers = {
  ...roomHandlers,
  ...connectionHandlers,
  ...questionHandlers,
  ...roomQuestionHandlers,
  ...questionDatasetHandlers,
  ...questionScheduleHandlers,
  ...runHandlers,
  ...peopleHandlers,
  ...datasetHandlers,
  ...flowHandlers,
  ...sourceHandlers,
  ...exportHandlers,
};

/** Declared operations that answer 501 here, each with the reason no tool uses it. */
export const notEmulated: Partial<Record<OperationId, string>> = {
  createCleanRoomExecutionTemplateInstance: "measurement templates need an id only LiveRamp hands out",
  getCleanRoomMeasurementExecutionInstance: "measurement templates need an id only LiveRamp hands out",
  cancelCleanRoomMeasurementExecutionInstance: "measurement templates need an id only LiveRamp hands out",
  createDataConnectionView: "views are SQL over connections; authored in the console",
  getAllDataConnectionViews: "views are SQL over connections; authored in the console",
  getDataConnectionViewById: "views are SQL over connections; authored in the console",
  updateDataConnectionView: "views are SQL over connections; authored in the console",
  deleteDataConnectionView: "views are SQL over connections; authored in the console",
  getCleanroomQuestion: "answers an id only; the list of questions says more",
  enableCleanroomQuestionSegmentation: "segmentation is set up in the console",
  updateCleanroomQuestionSegmentation: "segmentation is set up in the console",
  updateCleanroomQuestionRunStatus: "for customers who compute runs themselves; it is not a cancel",
  getCleanroomPartnerRoles: "the room's own roles are the same list",
  getCleanroomPartnerRoleByID: "the room's own roles are the same list",
  getCleanroomRoleById: "the list of roles holds the same",
  getCleanroomUserById: "the list of users holds the same",
  createOrUpdateCleanroomFlow: "flows are drawn in the console",
  setCleanroomFlowVersion: "flows are drawn in the console",
  assignCleanroomFlowDatasets: "flows are drawn in the console",
  getDatasetOrganizations: "the room's datasets name their organisation",
  createFlowNodeExportJobs: "exports are made per question",
  listFlowNodeExportJobs: "exports are made per question",
  deleteFlowNodeExportJobs: "exports are made per question",
  updateFlowNodeExportJobsStatus: "exports are made per question",
  getFlowNodeExportJobRuns: "exports are made per question",
  getFlowDecisionConfiguration: "flows are drawn in the console",
  createOrUpdateFlowDecisionConfiguration: "flows are drawn in the console",
  deleteFlowDecisionConfiguration: "flows are drawn in the console",
  getCleanroomFlowRunNodeOutputFile: "the report of a node holds its rows",
  deleteOrganizationCredential:
    "removing a credential breaks every connection that uses it; done in the console",
  getCredentialSourceById: "found by name",
  getDataSourceById: "the list holds the same",
  getDataTypeById: "the list holds the same",
  deprovisionCleanroomDestination: "done in the console",
  reviewDestinationProvisioningRequest: "a partner's request is reviewed in the console",
  listDestinationPartners: "destinations are made in the console: they need secrets",
  createDestination: "destinations are made in the console: they need secrets",
  updateDestinationConnection: "destinations are made in the console: they need secrets",
  deleteDestinationConnection: "destinations are made in the console: they need secrets",
  getBillableConfig: "billing is not touched",
  upsertBillableConfig: "billing is not touched",
  deleteBillableConfig: "billing is not touched",
};
