/** Health and billing. */
export const serviceOperations = {
  getHealth: { method: "GET", path: "/health", reply: "HealthResponse" },
  getBillableConfig: {
    method: "GET",
    path: "/billable-configs",
    query: { sourceId: "string!", sourceType: "BillableSourceType!", compositeSourceId: "string" },
    reply: "GetBillableConfigResponse",
  },
  upsertBillableConfig: {
    method: "POST",
    path: "/billable-configs",
    body: "UpsertBillableConfigRequest",
    reply: "UpsertBillableConfigResponse",
  },
  deleteBillableConfig: {
    method: "DELETE",
    path: "/billable-configs/{billableConfigId}",
    reply: "DeleteBillableConfigResponse",
  },
} as const;
