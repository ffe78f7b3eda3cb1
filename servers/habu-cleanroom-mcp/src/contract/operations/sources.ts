/** Credentials and data sources. */
export const sourcesOperations = {
  getAllOrganizationCredentials: {
    method: "GET",
    path: "/organization-credentials",
    reply: "OrganizationCredentialDetails",
  },
  createOrganizationCredential: {
    method: "POST",
    path: "/organization-credentials",
    body: "OrganizationCredentialDetail",
    reply: "OrganizationCredentialDetail",
  },
  getOrganizationCredentialById: {
    method: "GET",
    path: "/organization-credentials/{organizationCredentialId}",
    reply: "OrganizationCredentialDetail",
  },
  updateOrganizationCredential: {
    method: "PUT",
    path: "/organization-credentials/{organizationCredentialId}",
    body: "OrganizationCredentialDetail",
    reply: "OrganizationCredentialDetail",
  },
  deleteOrganizationCredential: {
    method: "DELETE",
    path: "/organization-credentials/{organizationCredentialId}",
    reply: "DeleteResponse",
  },
  getAllCredentialSources: { method: "GET", path: "/credential-sources", reply: "CredentialSources" },
  getCredentialSourceById: {
    method: "GET",
    path: "/credential-sources/{credentialSourceId}",
    reply: "CredentialSource",
  },
  getCredentialSourceByName: {
    method: "GET",
    path: "/credential-sources/credential-name/{name}",
    reply: "CredentialSources",
  },
  getAllDataSources: { method: "GET", path: "/data-sources", reply: "DataSources" },
  getDataSourceById: { method: "GET", path: "/data-sources/{dataSourceId}", reply: "DataSource" },
  getAllDataTypes: { method: "GET", path: "/data-sources/{dataSourceId}/data-types", reply: "DataTypes" },
  getDataTypeById: { method: "GET", path: "/data-sources/data-types/{dataTypeId}", reply: "DataType" },
  getAllDataSourceParameters: {
    method: "GET",
    path: "/data-sources/{dataSourceId}/data-types/{dataTypeId}/data-source-parameters",
    reply: "DataSourceParameters",
  },
} as const;
