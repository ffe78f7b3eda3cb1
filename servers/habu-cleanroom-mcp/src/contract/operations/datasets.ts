/** Datasets and stakeholders of a room. */
export const datasetsOperations = {
  getCleanroomDatasets: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/datasets",
    reply: "CleanRoomDatasets",
  },
  getCleanroomDatasetById: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/datasets/{datasetId}",
    reply: "CleanRoomDataset",
  },
  updateCleanroomDatasetById: {
    method: "PUT",
    path: "/cleanrooms/{cleanroomId}/datasets/{datasetId}",
    body: "CleanRoomDatasetUpdateRequest",
    reply: "CleanRoomDataset",
  },
  configureCleanroomDataset: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/datasets/configure",
    query: { dataConnectionId: "string!" },
    body: "ConfigureCleanRoomDatasetRequest",
    reply: "CleanRoomDataset",
  },
  updateCleanroomDatasetPartnerAssignment: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/datasets/partner-assignment",
    body: "UpdateCleanroomDatasetPartnerAssignmentRequest",
    reply: "UpdateCleanroomDatasetPartnerAssignmentResponse",
  },
  getCleanroomStakeholders: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/stakeholders",
    reply: "CleanRoomStakeholders",
  },
} as const;
