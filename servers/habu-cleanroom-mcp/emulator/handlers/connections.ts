import { uuidOf } from "../random.ts";
import type { Connection, World } from "../world.ts";
import { type Ask, type Handlers, refuse } from "./handler.ts";
import { dataTypeNamed, sourceNamed } from "./sources.ts";

export const verifyMs = 3 * 60_000;
export const completeMs = 2 * 60_000;

export const connectionHandlers: Handlers = {
  getAllDataConnections: ({ world, now }) => world.connections.map((one) => shown(one, world, now)),

  getDataConnectionById: (ask) => shown(connectionOf(ask), ask.world, ask.now),

  createDataConnection({ world, now, body }) {
    if (world.connections.some((one) => one.name === body.name))
      refuse(400, "A data connection with this name exists.");
    if (!world.credentials.some((one) => one.id === body.credentialId))
      refuse(400, "credentialId is unknown.");
    const dataSource =
      sourceNamed(body.dataSource?.displayName) ?? refuse(400, "dataSource.displayName is unknown.");
    const dataType =
      dataTypeNamed(body.dataType?.displayName) ?? refuse(400, "dataType.displayName is unknown.");
    const configuration = (body.dataSourceConfiguration ?? []).map(
      ({ name, value }: { name: string; value: string }) => ({ name, value }),
    );
    const made: Connection = {
      id: world.nextId("connection"),
      name: body.name,
      category: body.category,
      credentialId: body.credentialId,
      dataType,
      dataSource,
      configuration,
      lifecycle: "ACTIVE",
      outcome: outcomeOf(configuration),
      verifiedAt: now + verifyMs,
      completeAt: undefined,
      fields: fieldsFor(dataType.displayName),
      partitions: [],
    };
    world.connections.push(made);
    return shown(made, world, now);
  },

  updateDataConnection(ask) {
    const found = connectionOf(ask);
    const { body, world, now } = ask;
    found.name = body.name ?? found.name;
    found.category = body.category ?? found.category;
    if (body.credentialId !== undefined) {
      if (!world.credentials.some((one) => one.id === body.credentialId))
        refuse(400, "credentialId is unknown.");
      found.credentialId = body.credentialId;
    }
    if (body.dataSourceConfiguration !== undefined) {
      found.configuration = body.dataSourceConfiguration.map(
        ({ name, value }: { name: string; value: string }) => ({ name, value }),
      );
      found.outcome = outcomeOf(found.configuration);
      found.verifiedAt = now + verifyMs;
      found.completeAt = undefined;
    }
    return shown(found, world, now);
  },

  deleteDataConnection(ask) {
    const found = connectionOf(ask);
    ask.world.connections.splice(ask.world.connections.indexOf(found), 1);
    return { success: true };
  },

  retryDataConnectionJob(ask) {
    const found = connectionOf(ask);
    found.outcome = outcomeOf(found.configuration);
    found.verifiedAt = ask.now + verifyMs;
    return { success: true };
  },

  getAllFieldConfigurations: (ask) => {
    const found = connectionOf(ask);
    const ready = stageAt(found, ask.now);
    return ready === "MAPPING_REQUIRED" || ready === "CONFIGURATION_COMPLETE" ? found.fields : [];
  },

  mapFieldConfigurations(ask) {
    const found = connectionOf(ask);
    const stage = stageAt(found, ask.now);
    if (stage !== "MAPPING_REQUIRED" && stage !== "CONFIGURATION_COMPLETE")
      refuse(400, "The data connection has no fields to map yet.");
    const given = ask.body as Record<string, unknown>[];
    const missing = found.fields.filter((field) => !given.some((one) => one.fieldName === field.fieldName));
    if (missing.length > 0) refuse(400, "Every field of the data connection must be sent.");
    found.fields = given.map((one, index) => ({ ...one, dataConnectionId: found.id, fieldIndex: index }));
    found.completeAt = ask.now + completeMs;
    return found.fields;
  },

  getAllIdentifierTypes: () =>
    [
      "",
      "Customer First Party Identifier",
      "Hashed Emails",
      "Email SHA256 Hashed",
      "Email MD5 Hashed",
      "RampID",
      "Raw Email",
      "Postal Code",
    ].map((name) => ({
      id: uuidOf("identifier", name),
      name,
      displayName: name,
    })),
};

export function connectionOf({ world, path }: Ask): Connection {
  return (
    world.connections.find((one) => one.id === path.dataConnectionId) ??
    refuse(404, "Data connection not found.")
  );
}

/** Where a connection stands in its life at a time. */
export function stageAt(connection: Connection, now: number): string {
  if (now < connection.verifiedAt) return "VERIFYING_ACCESS";
  if (connection.completeAt !== undefined && now >= connection.completeAt) return "CONFIGURATION_COMPLETE";
  return connection.outcome;
}

function outcomeOf(configuration: readonly { name: string; value: string }[]): string {
  const location = configuration.map(({ value }) => value).join(" ");
  if (location.includes("denied")) return "CONFIGURATION_FAILED";
  return location.includes("missing") ? "WAITING_FOR_FILE" : "MAPPING_REQUIRED";
}

/** The two state fields stand the other way round in production than the document says. */
function shown(connection: Connection, world: World, now: number) {
  const state = stageAt(connection, now);
  const observed = world.switches.connectionLayout === "observed";
  return {
    id: connection.id,
    name: connection.name,
    category: connection.category,
    configStatus: observed ? connection.lifecycle : state,
    stage: observed ? state : connection.lifecycle,
    runStatus: state === "CONFIGURATION_COMPLETE" ? "COMPLETED" : "",
    dataType: connection.dataType,
    dataSource: connection.dataSource,
    dataSourceConfiguration: connection.configuration,
  };
}

const schemas: Record<string, [string, string][]> = {
  "Ad Logs": [
    ["user_id", "STRING"],
    ["exposure_date", "DATE"],
    ["campaign", "STRING"],
    ["impressions", "INTEGER"],
    ["email_sha256", "STRING"],
  ],
  "CRM Data": [
    ["customer_id", "STRING"],
    ["email", "STRING"],
    ["segment", "STRING"],
    ["postal_code", "STRING"],
    ["lifetime_value", "DOUBLE"],
  ],
};

export function fieldsFor(dataType: string): Record<string, unknown>[] {
  const schema = schemas[dataType] ?? [
    ["id", "STRING"],
    ["value", "STRING"],
    ["created_on", "DATE"],
  ];
  return schema.map(([fieldName, type], fieldIndex) => ({
    id: uuidOf("field", dataType, fieldName ?? ""),
    fieldIndex,
    fieldName,
    fieldLabel: fieldName,
    dataType: type,
    identifierType: "",
    delimiter: "",
    isPii: false,
    isUserIdField: false,
    isExcluded: false,
  }));
}
