/** Health and billing. */
export const serviceShapes = {
  BillableConfig: {
    id: "string",
    sourceId: "string!",
    sourceType: "BillableSourceType!",
    value: "string",
    compositeSourceId: "string",
  },
  BillableSourceType: [
    "BILLABLE_UNKNOWN",
    "BILLABLE_RUN",
    "BILLABLE_FLOW_RUN",
    "BILLABLE_QUESTION",
    "BILLABLE_FLOW",
    "BILLABLE_CR",
    "BILLABLE_OWNER",
    "BILLABLE_PARTNER",
    "BILLABLE_CRQ",
  ],
  DeleteBillableConfigResponse: { success: "boolean" },
  GetBillableConfigResponse: { config: "BillableConfig" },
  HealthResponse: { status: "string", statusCode: "integer", description: "string", version: "string" },
  UpsertBillableConfigRequest: { config: "BillableConfig!" },
  UpsertBillableConfigResponse: { success: "boolean", billableConfigId: "string" },
} as const;
