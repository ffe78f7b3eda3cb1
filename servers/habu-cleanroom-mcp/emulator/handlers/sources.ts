import { uuidOf } from "../random.ts";
import type { Credential } from "../world.ts";
import { type Ask, type Handlers, refuse } from "./handler.ts";

const sourceTable: readonly {
  name: string;
  displayName: string;
  credential: string;
  parameters: readonly string[];
}[] = [
  {
    name: "CLIENT_AWS",
    displayName: "Client AWS S3",
    credential: "AWS IAM User Credentials",
    parameters: [
      "DataLocation",
      "FileFormat",
      "JobFrequency",
      "RefreshType",
      "IdentifierType",
      "SampleFilePath",
    ],
  },
  {
    name: "GOOGLE_CLOUD_STORAGE",
    displayName: "Google Cloud Storage",
    credential: "Google Service Account",
    parameters: ["DataLocation", "FileFormat", "JobFrequency", "RefreshType"],
  },
  {
    name: "SNOWFLAKE_TABLE",
    displayName: "Snowflake Table",
    credential: "Snowflake Account",
    parameters: ["Database", "Schema", "Table"],
  },
];

const typeTable = [
  ["AdLogs", "Ad Logs"],
  ["CRM", "CRM Data"],
  ["ConversionEvents", "Conversion Events"],
  ["Generic", "Generic"],
  ["UserData", "User Data"],
] as const;

const credentialTable = [
  ["AWS IAM User Credentials", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_USER_ARN", "AWS_REGION"]],
  ["Google Service Account", ["SERVICE_ACCOUNT_JSON"]],
  ["Snowflake Account", ["ACCOUNT", "USER", "PRIVATE_KEY"]],
] as const;

const sources = sourceTable.map(({ name, displayName, credential }) => ({
  id: uuidOf("source", name),
  name,
  displayName,
  credentialSource: credential,
}));
const dataTypes = typeTable.map(([name, displayName]) => ({
  id: uuidOf("data-type", name),
  name,
  displayName,
}));
const credentialSources = credentialTable.map(([name, keys]) => ({
  id: uuidOf("credential-source", name),
  name,
  provider: name.split(" ")[0],
  credentialConfig: keys.map((key, index) => ({
    id: uuidOf(name, key),
    name: key,
    index,
    credentialConfigType: "TEXT",
  })),
}));

export const sourceNamed = (displayName: string | undefined) =>
  sources.find((one) => one.displayName === displayName);
export const dataTypeNamed = (displayName: string | undefined) =>
  dataTypes.find((one) => one.displayName === displayName);
export const importTypeOf = (displayName: string): string => dataTypeNamed(displayName)?.name ?? "Generic";
export const credentialSourceId = (name: string): string => uuidOf("credential-source", name);

export const sourceHandlers: Handlers = {
  getAllImportDataTypes: () => dataTypes,
  getAllDataSources: () => sources,
  getAllDataTypes: (ask) => {
    if (!sources.some((one) => one.id === ask.path.dataSourceId)) refuse(404, "Data source not found.");
    return dataTypes;
  },
  getAllDataSourceParameters: ({ path }) => {
    const source =
      sources.find((one) => one.id === path.dataSourceId) ?? refuse(404, "Data source not found.");
    const names = sourceTable.find(({ name }) => name === source.name)?.parameters ?? [];
    return names.map((name, index) => ({
      id: uuidOf(source.id, name),
      name,
      displayName: name,
      type: "STRING",
      index,
      dataSourceId: source.id,
    }));
  },
  getAllCredentialSources: () => credentialSources,
  getCredentialSourceByName: ({ path }) => credentialSources.filter((one) => one.name === path.name),
  getAllOrganizationCredentials: ({ world }) => world.credentials.map(shown),
  getOrganizationCredentialById: (ask) => shown(credentialOf(ask)),
  createOrganizationCredential({ world, body }) {
    const source =
      credentialSources.find((one) => one.name === body.credentialSourceName) ??
      refuse(400, "Unknown credential source.");
    checkKeys(source, body.credentials);
    const made: Credential = {
      id: world.nextId("credential"),
      name: body.name,
      sourceName: source.name,
      sourceId: source.id,
      values: body.credentials,
    };
    world.credentials.push(made);
    return shown(made);
  },
  updateOrganizationCredential(ask) {
    const found = credentialOf(ask);
    const source = credentialSources.find((one) => one.id === found.sourceId);
    if (source !== undefined) checkKeys(source, ask.body.credentials);
    found.name = ask.body.name;
    found.values = ask.body.credentials;
    return shown(found);
  },
};

function checkKeys(source: (typeof credentialSources)[number], values: readonly { name?: string }[]): void {
  const allowed = new Set<string>(source.credentialConfig.map(({ name }) => name));
  if (!values.every(({ name }) => name !== undefined && allowed.has(name)))
    refuse(400, "Unknown credential field.");
}

function credentialOf({ world, path }: Ask): Credential {
  return (
    world.credentials.find((one) => one.id === path.organizationCredentialId) ??
    refuse(404, "Credential not found.")
  );
}

/** Values come back in the open, as the platform may do. */
function shown(one: Credential) {
  return {
    id: one.id,
    name: one.name,
    managedCredential: false,
    credentialSourceId: one.sourceId,
    credentialSourceName: one.sourceName,
    credentials: one.values,
  };
}
