/**
 * Questions inside a room. Two writes are declared with their JSON in a query parameter although described as a body:
 * the body is optional there, and either way is sent.
 */
export const roomQuestionsOperations = {
  addCleanroomQuestion: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/cleanroom-questions",
    query: { questionId: "string!", isEditable: "boolean" },
    reply: "CleanRoomQuestionResponse",
  },
  getAllCleanroomQuestions: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/cleanroom-questions",
    query: {
      startDate: "string",
      endDate: "string",
      limit: "integer",
      offset: "integer",
      questionType: "string",
    },
    reply: "CleanRoomQuestions",
  },
  getCleanroomQuestionById: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}",
    reply: "CleanRoomQuestion",
  },
  deleteCleanroomQuestion: {
    method: "DELETE",
    path: "/cleanroom-questions/{cleanroomQuestionId}",
    reply: "DeleteResponse",
  },
  updateCleanroomQuestionComputeCapacity: {
    method: "PATCH",
    path: "/cleanroom-questions/{cleanroomQuestionId}/compute-capacity",
    body: "UpdateCleanroomQuestionComputeCapacityRequest",
    reply: "UpdateCleanroomQuestionComputeCapacityResponse",
  },
  getCleanroomQuestion: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/questions/{questionId}",
    reply: "Identified",
  },
  getCleanroomQuestionResultShares: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-result-shares",
    reply: "CleanRoomQuestionResultShares",
  },
  upsertCleanRoomQuestionResultShares: {
    method: "PUT",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-result-shares",
    body: "UpsertCleanRoomQuestionResultSharesApiInput",
    reply: "UpsertCleanRoomQuestionResultShareResponse",
  },
  getCleanroomQuestionTags: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-tags",
    reply: "CleanRoomQuestionTags",
  },
  getCleanroomQuestionParameters: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-parameters",
    reply: "GetCleanRoomQuestionParametersResponse",
  },
  getCleanroomQuestionRunScheduleById: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-run-schedules/{cleanroomQuestionRunScheduleId}",
    reply: "GetCleanroomQuestionRunScheduleResponse",
  },
  deleteCleanroomQuestionRunScheduleById: {
    method: "DELETE",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-run-schedules/{cleanroomQuestionRunScheduleId}",
    reply: "DeleteCleanroomQuestionRunScheduleResponse",
  },
  patchCleanroomQuestionRunScheduleById: {
    method: "PATCH",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-run-schedules/{cleanroomQuestionRunScheduleId}",
    body: "CreateCleanroomQuestionRunScheduleInput",
    reply: "CreateCleanroomQuestionRunScheduleResponse",
  },
  getCleanroomQuestionRunSchedules: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-run-schedules",
    reply: "GetAllRunSchedulesForCleanroomQuestionResponse",
  },
  createCleanroomQuestionRunSchedule: {
    method: "POST",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-run-schedules",
    body: "CreateCleanroomQuestionRunScheduleInput",
    reply: "CreateCleanroomQuestionRunScheduleResponse",
  },
  enableCleanroomQuestionSegmentation: {
    method: "POST",
    path: "/cleanroom-questions/{cleanroomQuestionId}/segmentation",
    body: "SegmentationRequest",
    reply: "SegmentationResponse",
  },
  updateCleanroomQuestionSegmentation: {
    method: "PUT",
    path: "/cleanroom-questions/{cleanroomQuestionId}/segmentation",
    body: "SegmentationRequest",
    reply: "SegmentationResponse",
  },
  configureCleanRoomQuestionPermissions: {
    method: "POST",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-permissions",
    query: { cleanroomQuestionPermissions: "string" },
    body: "UpdateCleanRoomQuestionPermissionsRequest?",
    reply: "CleanRoomQuestionPermissionsResponse",
  },
  getCleanroomQuestionPermissions: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-permissions",
    reply: "CleanRoomQuestionPermissionsResponse",
  },
  getCleanroomQuestionDataTypeOptions: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/data-type-options",
    query: { dataType: "string!" },
    reply: "QuestionDataTypeOptions",
  },
  assignCleanroomQuestionDatasetsOwnership: {
    method: "POST",
    path: "/cleanroom-questions/{cleanroomQuestionId}/datasets-ownership",
    query: { AssignCleanroomQuestionDatasetRequests: "string" },
    body: "AssignCleanroomQuestionDatasetRequest[]?",
    reply: "CleanRoomQuestionDatasets",
  },
  configureCleanroomQuestionDatasets: {
    method: "POST",
    path: "/cleanroom-questions/{cleanroomQuestionId}/datasets",
    body: "CleanRoomQuestionDatasets",
    reply: "CleanRoomQuestionDatasets",
  },
  getAllCleanroomQuestionDatasets: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/datasets",
    reply: "CleanRoomQuestionDatasets",
  },
} as const;
