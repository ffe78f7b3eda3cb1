/** Exports and destinations. */
export const exportsOperations = {
  getAllDataExportJobs: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/exports/jobs",
    reply: "DataExportJobs",
  },
  createDataExportJobs: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/exports/jobs",
    body: "CreateDataExportJobRequest",
    reply: "CreateDataExportJobResponse",
  },
  listCleanroomDestinations: {
    method: "GET",
    path: "/cleanrooms/{cleanroomId}/destinations",
    query: { type: "string", limit: "integer", offset: "integer", latestJobDays: "integer" },
    reply: "ListCleanroomDestinationsResponse",
  },
  provisionCleanroomDestinations: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/destinations",
    body: "ProvisionCleanroomDestinationRequest",
    reply: "ProvisionCleanroomDestinationResponse",
  },
  deprovisionCleanroomDestination: {
    method: "DELETE",
    path: "/cleanrooms/{cleanroomId}/destinations/{partnerAccountId}",
    reply: "DeleteResponse",
  },
  reviewDestinationProvisioningRequest: {
    method: "POST",
    path: "/cleanrooms/{cleanroomId}/destinations/{partnerAccountId}/provisioning-request/review",
    body: "ReviewDestinationProvisioningRequest",
    reply: "ReviewDestinationProvisioningResponse",
  },
  getDataExportJobRuns: {
    method: "GET",
    path: "/exports/jobs/{exportJobId}/runs",
    reply: "ListDataExportJobRunsResponse",
  },
  changeJobStatus: {
    method: "PATCH",
    path: "/exports/jobs/{exportJobId}/status",
    body: "ChangeJobStatusRequest",
    reply: "ChangeJobStatusResponse",
  },
  deleteDataExportJob: { method: "DELETE", path: "/exports/jobs/{exportJobId}", reply: "DeleteResponse" },
  listDestinationPartners: {
    method: "GET",
    path: "/destinations/partners",
    reply: "ListDestinationPartnersResponse",
  },
  listDestinations: {
    method: "GET",
    path: "/destinations",
    query: { limit: "integer", offset: "integer" },
    reply: "ListDestinationsResponse",
  },
  createDestination: {
    method: "POST",
    path: "/destinations",
    body: "CreateDestinationRequest",
    reply: "PartnerAccount",
  },
  updateDestinationConnection: {
    method: "PATCH",
    path: "/destinations/{partnerAccountId}",
    body: "UpdateDestinationRequest",
    reply: "UpdateDestinationResponse",
  },
  deleteDestinationConnection: {
    method: "DELETE",
    path: "/destinations/{partnerAccountId}",
    reply: "DeleteResponse",
  },
} as const;
