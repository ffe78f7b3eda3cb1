/** Data connections, views and field maps. */
export const connectionsOperations = {
  createDataConnection: {
    method: "POST",
    path: "/data-connections",
    body: "DataConnectionDetails",
    reply: "DataConnectionResponse",
  },
  getAllDataConnections: { method: "GET", path: "/data-connections", reply: "DataConnections" },
  getDataConnectionById: {
    method: "GET",
    path: "/data-connections/{dataConnectionId}",
    reply: "DataConnectionResponse",
  },
  updateDataConnection: {
    method: "PUT",
    path: "/data-connections/{dataConnectionId}",
    body: "DataConnectionDetails",
    reply: "DataConnectionResponse",
  },
  deleteDataConnection: {
    method: "DELETE",
    path: "/data-connections/{dataConnectionId}",
    reply: "DeleteResponse",
  },
  retryDataConnectionJob: {
    method: "POST",
    path: "/data-connections/{dataConnectionId}/retry",
    reply: "DataConnectionRetryResponse",
  },
  getAllFieldConfigurations: {
    method: "GET",
    path: "/data-connections/{dataConnectionId}/field-configurations",
    reply: "FieldConfigurations",
  },
  mapFieldConfigurations: {
    method: "POST",
    path: "/data-connections/{dataConnectionId}/field-configurations",
    body: "FieldConfigurations",
    reply: "FieldConfigurations",
  },
  getAllIdentifierTypes: { method: "GET", path: "/identifier-types", reply: "IdentifierTypes" },
  getAllImportDataTypes: {
    method: "GET",
    path: "/data-connections/import-data-types",
    reply: "ImportDataTypes",
  },
  createDataConnectionView: {
    method: "POST",
    path: "/data-connection-views",
    body: "DataConnectionViewDetails",
    reply: "DataConnectionViewResponse",
  },
  getAllDataConnectionViews: {
    method: "GET",
    path: "/data-connection-views",
    query: { stage: "string", status: "string", limit: "integer", offset: "integer" },
    reply: "DataConnectionViews",
  },
  getDataConnectionViewById: {
    method: "GET",
    path: "/data-connection-views/{viewId}",
    reply: "DataConnectionViewResponse",
  },
  updateDataConnectionView: {
    method: "PUT",
    path: "/data-connection-views/{viewId}",
    body: "DataConnectionViewUpdateDetails",
    reply: "DataConnectionViewResponse",
  },
  deleteDataConnectionView: {
    method: "DELETE",
    path: "/data-connection-views/{viewId}",
    reply: "DeleteResponse",
  },
} as const;
