import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { repeatUntilKnown } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import {
  type Connection,
  findConnection,
  listConnections,
  readConnection,
  shownConnection,
  stateOf,
} from "../habu/connections.ts";
import { listIdentifiers, mapWith, readFields, sendMap } from "../habu/field-map.ts";
import { resolve } from "../habu/resolve.ts";
import { listCredentials } from "../habu/sources.ts";
import { judgeConnection } from "../knowledge/connection-rules.ts";
import type { Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { fieldMap } from "./establish-data-connection.ts";
import { reference, text, values } from "./fields.ts";

const shape = {
  action: z.enum(["health", "diagnose", "update", "remap", "retry", "rotate_credential"]),
  connection: reference.optional(),
  name: text(120).optional(),
  settings: values.optional(),
  credential: reference.optional(),
  mapping: fieldMap.optional(),
};
type Input = z.output<z.ZodObject<typeof shape>>;

/** The only variables a rotation reads: a caller cannot name others. */
const variablePrefix = "HABU_CREDENTIAL_";

export const manageDataIntegration = workflowTool({
  name: "manage_data_integration",
  title: "Look after data connections",
  description:
    "Shows the health of all data connections, diagnoses one, changes its settings or field map, retries verification, or rotates a credential from variables the operator set. For a new connection use establish_data_connection.",
  group: "data",
  kind: "destructive",
  needs: ["getAllDataConnections"],
  uses: [
    ...([
      "getDataConnectionById",
      "updateDataConnection",
      "getAllFieldConfigurations",
      "mapFieldConfigurations",
      "getAllIdentifierTypes",
    ] as const),
    ...([
      "retryDataConnectionJob",
      "getAllOrganizationCredentials",
      "getCredentialSourceByName",
      "updateOrganizationCredential",
      "getOrganizationCredentialById",
    ] as const),
  ],
  input: shape,
  words: {
    action: "action",
    connection: "id or name",
    name: "new name",
    settings: "{name: value}",
    credential: "id or name",
    mapping: "{field: {identifier, user_id, pii, exclude}}",
  },
  async run(work) {
    const { input, habu } = work;
    if (input.action === "health") return health(work);
    if (input.action === "rotate_credential") return rotate(work);
    if (input.connection === undefined) {
      return work.ask([
        {
          field: "connection",
          why: `Which one to ${input.action}.`,
          candidates: (await listConnections(habu)).map(({ name }) => name).slice(0, 30),
        },
      ]);
    }
    const connection = await findConnection(habu, input.connection);
    if (input.action === "diagnose") return diagnose(work, connection);
    if (input.action === "update") return update(work, connection);
    return input.action === "remap" ? remap(work, connection) : retry(work, connection);
  },
});

async function health(work: Work<Input>) {
  const all = await listConnections(work.habu);
  const findings = all.flatMap((one) => judgeConnection(one, stateOf(one)) ?? []);
  const counts: Record<string, number> = {};
  for (const one of all) counts[stateOf(one)] = (counts[stateOf(one)] ?? 0) + 1;
  return work.end({
    summary: `${counts.ready ?? 0} of ${all.length} data connections are ready; ${findings.length} need attention.`,
    result: { states: counts, connections: all.map(shownConnection), findings },
    next: findings.slice(0, 3).flatMap(({ subject }) => {
      const id = all.find(({ name }) => name === subject)?.id;
      return id === undefined
        ? []
        : [
            {
              tool: "manage_data_integration",
              why: "find the cause",
              arguments: { action: "diagnose", connection: id },
            },
          ];
    }),
  });
}

async function diagnose(work: Work<Input>, known: Connection) {
  const { habu } = work;
  const connection = await readConnection(habu, known.id);
  const fields = await readFields(habu, connection.id);
  const finding = judgeConnection(connection, stateOf(connection));
  const unmapped = fields.filter(
    ({ identifierType, isExcluded }) => !identifierType && isExcluded !== true,
  ).length;
  const userIds = fields.filter(({ isUserIdField }) => isUserIdField === true).length;
  return work.end({
    summary: finding === undefined ? `${connection.name} is ready.` : `${connection.name}: ${finding.cause}`,
    result: {
      connection: shownConnection(connection),
      settings: connection.settings,
      ...(finding === undefined ? {} : { finding }),
      fields: { total: fields.length, without_identifier: unmapped, user_id_fields: userIds },
    },
    next:
      finding === undefined
        ? []
        : [
            {
              tool: "manage_data_integration",
              why: "after the cause is removed",
              arguments: { action: "retry", connection: connection.id },
            },
          ],
  });
}

async function update(work: Work<Input>, connection: Connection) {
  const { input, habu } = work;
  if (input.name === undefined && input.settings === undefined && input.credential === undefined) {
    return work.ask([
      {
        field: "settings",
        why: "Nothing to change was given.",
        candidates: connection.settings.map(({ name }) => name),
      },
    ]);
  }
  const credentials = await listCredentials(habu);
  const fitting = credentials.filter(({ source }) => source === connection.raw.dataSource?.credentialSource);
  const credential =
    input.credential === undefined
      ? fitting.length === 1
        ? fitting[0]
        : undefined
      : resolve("credential", input.credential, credentials);
  if (credential === undefined) {
    return work.ask([
      {
        field: "credential",
        why: "An update must name the credential, and reading a connection does not show it.",
        candidates: fitting.map(({ name }) => name),
      },
    ]);
  }
  if (input.credential === undefined) work.assume(`credential ${credential.name}, the only one that fits`);
  const merged = new Map(connection.settings.map(({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries(input.settings ?? {})) merged.set(name, value);
  const { raw } = connection;
  const body: ToSend<"DataConnectionDetails"> = {
    name: input.name ?? connection.name,
    category: raw.category ?? "First party",
    credentialId: credential.id,
    ...(raw.dataType?.displayName === undefined
      ? {}
      : {
          dataType: { displayName: raw.dataType.displayName } as NonNullable<
            ToSend<"DataConnectionDetails">["dataType"]
          >,
        }),
    ...(raw.dataSource?.displayName === undefined
      ? {}
      : {
          dataSource: { displayName: raw.dataSource.displayName } as NonNullable<
            ToSend<"DataConnectionDetails">["dataSource"]
          >,
        }),
    dataSourceConfiguration: [...merged].map(([name, value]) => ({ name, value })),
  };
  const stop = await work.plan(
    [
      {
        step: "update data connection",
        what: connection.name,
        effect: "it is verified again and its datasets wait meanwhile",
      },
    ],
    { before: connection.settings, after: body.dataSourceConfiguration },
  );
  if (stop !== undefined) return stop;
  await work.step("update", "update data connection", async () => {
    await repeatUntilKnown(
      () => habu.call("updateDataConnection", { path: { dataConnectionId: connection.id }, body }),
      async () => undefined,
    );
    return { value: connection.id, undo: "send the settings shown as before" };
  });
  const seen = await readConnection(habu, connection.id);
  const same = [...merged].every(([name, value]) =>
    seen.settings.some((one) => one.name === name && one.value === value),
  );
  if (!same) work.warn("The settings read back differ from those sent.");
  return work.end({
    summary: `${seen.name} was updated and is ${stateOf(seen).replaceAll("_", " ")}.`,
    result: { connection: shownConnection(seen), settings: seen.settings },
  });
}

async function remap(work: Work<Input>, connection: Connection) {
  const { input, habu } = work;
  const fields = await readFields(habu, connection.id);
  const identifiers = await listIdentifiers(habu);
  const current = Object.fromEntries(
    fields.map((one) => [
      one.fieldName ?? "",
      { identifier: one.identifierType, exclude: one.isExcluded, pii: one.isPii, user_id: one.isUserIdField },
    ]),
  );
  if (input.mapping === undefined) {
    return work.ask(
      [
        {
          field: "mapping",
          why: "The fields to change; the others stay.",
          candidates: Object.keys(current).slice(0, 50),
        },
      ],
      { current_mapping: current, identifier_types: identifiers },
    );
  }
  const body = mapWith(fields, input.mapping, identifiers);
  const stop = await work.plan(
    [
      {
        step: "send field map",
        what: `${Object.keys(input.mapping).length} of ${fields.length} fields change`,
        effect: "questions that use these fields read them differently",
      },
    ],
    { before: current, changes: input.mapping },
  );
  if (stop !== undefined) return stop;
  const different = await work.step("map", "send field map", async () => ({
    value: await sendMap(habu, connection.id, body),
  }));
  if (different.length > 0) work.warn(`Read back differently: ${different.slice(0, 5).join(", ")}`);
  return work.end({
    summary: `The field map of ${connection.name} was sent${different.length === 0 ? " and read back" : ""}.`,
    result: { fields: body.length },
  });
}

async function retry(work: Work<Input>, connection: Connection) {
  const { habu } = work;
  const stop = await work.plan([{ step: "retry verification", what: connection.name }]);
  if (stop !== undefined) return stop;
  await work.step("retry", "retry verification", async () => {
    await repeatUntilKnown(
      () => habu.call("retryDataConnectionJob", { path: { dataConnectionId: connection.id } }),
      async () => undefined,
    );
    return { value: connection.id };
  });
  const seen = await readConnection(habu, connection.id);
  return work.end({
    summary: `Verification of ${connection.name} began again; it is ${stateOf(seen).replaceAll("_", " ")}.`,
    result: {
      connection: shownConnection(seen),
      limits: ["A retry checks the same settings again: it helps only once the cause is removed."],
    },
    next: [
      {
        tool: "manage_data_integration",
        why: "look in some minutes",
        arguments: { action: "diagnose", connection: connection.id },
      },
    ],
  });
}

async function rotate(work: Work<Input>) {
  const { input, habu, services } = work;
  if (!services.allowCredentialWrites) {
    throw new ToolError("PERMISSION_DENIED", "This server does not write credentials.", {
      hint: "Rotate it in the console, then retry the connection. The operator may allow it with HABU_ALLOW_CREDENTIAL_WRITES=1.",
      details: { reason: "CREDENTIAL_WRITES_OFF" },
    });
  }
  const credentials = await listCredentials(habu);
  if (input.credential === undefined)
    return work.ask([
      { field: "credential", why: "Which one to rotate.", candidates: credentials.map(({ name }) => name) },
    ]);
  const found = resolve("credential", input.credential, credentials);
  const [source] = await habu.call("getCredentialSourceByName", { path: { name: found.source } });
  const keys = (source?.credentialConfig ?? []).map(({ name = "" }) => name);
  const valuesOf = keys.flatMap((name) => {
    const value = process.env[`${variablePrefix}${name}`];
    return value === undefined || value === "" ? [] : [{ name, value }];
  });
  const missing = keys.filter((name) => !valuesOf.some((one) => one.name === name));
  if (missing.length > 0) {
    throw new ToolError(
      "CONFLICT",
      `The operator has not set ${missing.map((name) => `${variablePrefix}${name}`).join(", ")}.`,
      {
        hint: "Set them in the server's environment and restart it. They are never arguments.",
        details: { reason: "VARIABLES_MISSING" },
      },
    );
  }
  const stop = await work.plan([
    {
      step: "rotate credential",
      what: `${found.name}: ${keys.join(", ")}`,
      effect: "the old values are gone",
    },
  ]);
  if (stop !== undefined) return stop;
  await work.step("rotate", `rotate credential ${found.name}`, async () => {
    const body = {
      name: found.name,
      credentialSourceName: found.source,
      credentials: valuesOf,
    } as ToSend<"OrganizationCredentialDetail">;
    await repeatUntilKnown(
      () => habu.call("updateOrganizationCredential", { path: { organizationCredentialId: found.id }, body }),
      async () => undefined,
    );
    return { value: found.id };
  });
  const users = (await listConnections(habu)).filter(
    ({ raw }) => raw.dataSource?.credentialSource === found.source,
  );
  return work.end({
    summary: `${found.name} has new values (${keys.length} fields, not shown).`,
    result: { connections_of_this_kind: users.map(({ id, name }) => ({ id, name })) },
    next: users.slice(0, 3).map(({ id }) => ({
      tool: "manage_data_integration",
      why: "verify with the new values",
      arguments: { action: "retry", connection: id },
    })),
  });
}
