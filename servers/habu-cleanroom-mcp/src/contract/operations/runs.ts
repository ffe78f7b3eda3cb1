/** Question runs and their results. */
export const runsOperations = {
  getAllCleanroomQuestionRuns: {
    method: "GET",
    path: "/cleanroom-questions/{cleanroomQuestionId}/cleanroom-question-runs",
    query: {
      status: "getAllCleanroomQuestionRunsStatus",
      startDate: "string",
      endDate: "string",
      limit: "integer",
      offset: "integer",
    },
    reply: "QuestionRunsMetadata",
  },
  createCleanroomQuestionRun: {
    method: "POST",
    path: "/cleanroom-questions/{cleanroomQuestionId}/create-run",
    body: "QuestionRunCreateParameters",
    reply: "QuestionRunMetadata",
  },
  getCleanroomQuestionRunById: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}",
    reply: "QuestionRunMetadata",
  },
  updateCleanroomQuestionRunStatus: {
    method: "PUT",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}",
    body: "QuestionRunStatus",
    reply: "ReturnObject",
  },
  deleteCleanroomQuestionRun: {
    method: "DELETE",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}",
    reply: "DeleteResponse",
  },
  getCleanroomQuestionRunData: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}/data",
    query: { limit: "integer", offset: "integer" },
    reply: "QuestionRunResultData",
  },
  getCleanroomQuestionRunOutputFile: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}/download/{fileName}",
    reply: "string",
  },
  getCleanroomQuestionRunDataCount: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}/data/count",
    reply: "integer",
  },
  getCleanroomQuestionRunAudit: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}/audit",
    reply: "CleanroomQuestionRunAuditDetails",
  },
  getCleanroomQuestionRunActivationSummaries: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}/activation-summary",
    reply: "CleanroomQuestionRunActivationSummary",
  },
  getCleanroomQuestionRunPartitionParameters: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}/partition-parameters",
    reply: "CleanroomQuestionRunPartitionParameters",
  },
  getCleanroomQuestionRunExplainPlan: {
    method: "GET",
    path: "/cleanroom-question-runs/{cleanroomQuestionRunId}/explain-plan",
    reply: "GetExplainPlanResponse",
  },
} as const;
