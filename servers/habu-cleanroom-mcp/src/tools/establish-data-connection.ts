import { ToolError } from "@mcp-data/core";
import { z } from "zod";
import { createOnce } from "../client/settle.ts";
import type { ToSend } from "../contract/types.ts";
import {
  type Connection,
  connectionFrom,
  listConnections,
  shownConnection,
  stateOf,
} from "../habu/connections.ts";
import { listIdentifiers, mapWith, proposeMap, readFields, sendMap } from "../habu/field-map.ts";
import { provision } from "../habu/make.ts";
import { nearest } from "../habu/near.ts";
import { resolve } from "../habu/resolve.ts";
import { findRoom } from "../habu/rooms.ts";
import { listCredentials, listDataTypes, listSettings, listSources } from "../habu/sources.ts";
import { waitFor } from "../habu/wait.ts";
import { lookAtConnection } from "../habu/watch-connection.ts";
import type { Question, Work } from "../workflow/work.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";
import { reference, text, values, waitSeconds } from "./fields.ts";

export const fieldMap = z.record(
  text(),
  z.strictObject({
    identifier: z.string().max(80).optional(),
    user_id: z.boolean().optional(),
    pii: z.boolean().optional(),
    exclude: z.boolean().optional(),
  }),
);

const shape = {
  name: text(120),
  source: text().optional(),
  data_type: text().optional(),
  credential: reference.optional(),
  category: text().optional(),
  settings: values.optional(),
  mapping: fieldMap.optional(),
  accept_mapping: z.boolean().optional(),
  cleanroom: reference.optional(),
  wait_seconds: waitSeconds,
};
type Input = z.output<z.ZodObject<typeof shape>>;

export const establishDataConnection = workflowTool({
  name: "establish_data_connection",
  title: "Connect data",
  description:
    "Guides a data connection from source and credential to a finished field map and, if asked, into a clean room. Asks for what is missing with the possible values; verification takes minutes, so call again with resume. Credentials are made in the console, never here.",
  group: "data",
  kind: "write",
  needs: ["createDataConnection"],
  uses: [
    ...([
      "getAllDataSources",
      "getAllDataTypes",
      "getAllDataSourceParameters",
      "getAllOrganizationCredentials",
      "getAllDataConnections",
    ] as const),
    ...([
      "getDataConnectionById",
      "getAllFieldConfigurations",
      "getAllIdentifierTypes",
      "mapFieldConfigurations",
      "configureCleanroomDataset",
      "getCleanroomDatasets",
      "getAllCleanrooms",
    ] as const),
  ],
  input: shape,
  words: {
    name: "of the connection",
    source: "where data is",
    data_type: "what data is",
    credential: "id or name",
    category: "label",
    settings: "{name: value}",
    mapping: "{field: {identifier, user_id, pii, exclude}}",
    accept_mapping: "take the proposal",
    cleanroom: "add it there",
    wait_seconds: "0-600",
  },
  timeoutMs: 660_000,
  async run(work) {
    const { input, habu, services } = work;
    const room = input.cleanroom === undefined ? undefined : await findRoom(habu, input.cleanroom);
    const existing = (await listConnections(habu)).find(({ name }) => name === input.name);
    let connection: Connection;
    if (existing !== undefined) {
      connection = existing;
      work.note({
        step: "data connection",
        state: "adopted",
        detail: "one of this name exists and is continued",
      });
    } else {
      const request = await requestFor(work);
      if ("questions" in request) return work.ask(request.questions, request.shown);
      const stop = await work.plan([
        {
          step: "create data connection",
          what: `"${input.name}" from ${request.body.dataSource?.displayName}`,
        },
        { step: "verify, map fields", what: "after a few minutes; the map is shown before it is sent" },
        ...(room === undefined ? [] : [{ step: "add dataset", what: `to ${room.displayId}` }]),
      ]);
      if (stop !== undefined) return stop;
      const made = await work.step("connection", "create data connection", async () => {
        const { value, adopted } = await createOnce({
          what: `the data connection "${input.name}"`,
          attempt: async () =>
            connectionFrom(await habu.call("createDataConnection", { body: request.body })),
          find: async () =>
            (await listConnections(habu, { fresh: true })).find(({ name }) => name === input.name),
        });
        return { value: value.raw, state: adopted ? ("adopted" as const) : ("done" as const) };
      });
      connection = connectionFrom(made);
    }
    return follow(work, connection, room, services.clock.now() + (input.wait_seconds ?? 0) * 1_000);
  },
});

/** From verification to a complete, mapped, perhaps provisioned connection; stops where somebody must act or wait. */
async function follow(
  work: Work<Input>,
  first: Connection,
  room: { id: string; displayId: string } | undefined,
  until: number,
) {
  const { input, habu, services } = work;
  const look = (ignore: readonly string[]) =>
    waitFor({
      habu,
      clock: services.clock,
      waitMs: Math.max(0, until - services.clock.now()),
      look: () => lookAtConnection(habu, services, first.id, ignore),
      onWait: (ms) =>
        work.progress(
          ms,
          until - services.clock.now() + ms,
          "Waiting for the platform to verify the connection",
        ),
    });
  const state = stateOf(first);
  let seen =
    state === "ready" || state === "needs_mapping" ? { last: first, nextAt: undefined } : await look([]);
  const at = () => (seen.last === undefined ? "verifying" : stateOf(seen.last));

  if (at() === "needs_mapping") {
    const fields = await readFields(habu, first.id);
    const identifiers = await listIdentifiers(habu);
    const proposed = { ...proposeMap(fields, identifiers), ...input.mapping };
    const body = mapWith(fields, proposed, identifiers);
    if (input.mapping === undefined && input.accept_mapping !== true) {
      return work.ask(
        [
          {
            field: "accept_mapping",
            why: "The proposed field map follows from the field names. Accept it, or correct it with mapping.",
            candidates: ["true"],
          },
        ],
        {
          connection: shownConnection(seen.last ?? first),
          proposed_mapping: proposed,
          identifier_types: identifiers,
        },
      );
    }
    await work.step("map", "send field map", async () => {
      const different = await sendMap(habu, first.id, body);
      if (different.length > 0) work.warn(`Read back differently: ${different.slice(0, 5).join(", ")}`);
      return { value: body.length };
    });
    seen = await look(["needs_mapping"]);
  }
  const now = at();
  const shown = { connection: shownConnection(seen.last ?? first) };
  if (now === "failed" || now === "waiting_for_file" || now === "paused") {
    return work.end({
      summary: `The connection is ${now.replaceAll("_", " ")}.`,
      result: shown,
      next: [
        {
          tool: "manage_data_integration",
          why: "find the cause, then retry",
          arguments: { connection: first.id, action: "diagnose" },
        },
      ],
    });
  }
  if (now !== "ready") {
    const resume = await work.handle();
    return work.end({
      status: "running",
      summary: `The platform is still working on the connection (${seen.last?.configuration ?? "unknown"}).`,
      result: { ...shown, next_check_at: new Date(seen.nextAt ?? services.clock.now()).toISOString() },
      next: [
        {
          tool: "establish_data_connection",
          why: "continue after next_check_at",
          arguments: { name: input.name, resume },
        },
      ],
    });
  }
  const dataset =
    room === undefined
      ? undefined
      : await work.step("dataset", `dataset in ${room.displayId}`, () =>
          provision(habu, room.id, first, false),
        );
  return work.end({
    summary: `The connection is ready${dataset === undefined ? "" : ` and a dataset of ${room?.displayId}`}.`,
    result: {
      ...shown,
      ...(dataset === undefined ? {} : { dataset }),
      monitoring: "Alerts on later failures come from `habu-cleanroom-mcp watch`; the platform has none.",
    },
    next:
      room === undefined
        ? []
        : [
            {
              tool: "deploy_analytics_question",
              why: "use the dataset",
              arguments: { cleanroom: room.displayId },
            },
          ],
  });
}

type Request =
  | { readonly body: ToSend<"DataConnectionDetails"> }
  | { readonly questions: Question[]; readonly shown: Record<string, unknown> };

/** What to create, or what must be asked first; whatever has one possible value is taken and said. */
async function requestFor(work: Work<Input>): Promise<Request> {
  const { input, habu } = work;
  const sources = await listSources(habu);
  const credentials = await listCredentials(habu);
  if (input.source === undefined) {
    const usable = sources.filter(({ credentialSource }) =>
      credentials.some(({ source }) => source === credentialSource),
    );
    return {
      questions: [
        {
          field: "source",
          why: "Where the data is.",
          candidates: (usable.length > 0 ? usable : sources).map(({ name }) => name),
        },
      ],
      shown: { sources_with_credentials: usable.map(({ name }) => name) },
    };
  }
  const source = resolve("data source", input.source, sources);
  const types = await listDataTypes(habu, source.id);
  const fitting = credentials.filter((one) => one.source === source.credentialSource);
  const questions: Question[] = [];
  const type = input.data_type === undefined ? undefined : resolve("data type", input.data_type, types);
  if (type === undefined)
    questions.push({
      field: "data_type",
      why: "What the data is about.",
      candidates: types.map(({ name }) => name),
    });
  if (fitting.length === 0) {
    throw new ToolError(
      "CONFLICT",
      `The organisation has no credential of kind "${source.credentialSource}".`,
      {
        hint: "Make one in the console (Credentials), then call again. Secrets never pass through this server.",
        details: { reason: "NO_CREDENTIAL" },
      },
    );
  }
  const credential =
    input.credential === undefined
      ? fitting.length === 1
        ? fitting[0]
        : undefined
      : resolve("credential", input.credential, fitting);
  if (credential === undefined)
    questions.push({
      field: "credential",
      why: "Several fit this source.",
      candidates: fitting.map(({ name }) => name),
    });
  else if (input.credential === undefined)
    work.assume(`credential ${credential.name}, the only one that fits`);
  const names = await listSettings(habu, source.id, type?.id ?? types[0]?.id ?? "");
  const given = Object.entries(input.settings ?? {});
  const unknown = given.find(([name]) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ToolError("VALIDATION_ERROR", `"${unknown[0].slice(0, 60)}" is no setting of this source.`, {
      hint: `Settings: ${names.join(", ")}.`,
      details: { reason: "UNKNOWN_SETTING", near: nearest(unknown[0], names) },
    });
  }
  const secret = given.find(([name]) => /secret|password|private|token|credential/i.test(name));
  if (secret !== undefined)
    throw new ToolError("VALIDATION_ERROR", `"${secret[0].slice(0, 60)}" looks like a secret.`, {
      hint: "Secrets belong to a credential made in the console.",
    });
  if (given.length === 0 && names.length > 0)
    questions.push({ field: "settings", why: "Where exactly, and in which form.", candidates: names });
  if (questions.length > 0 || type === undefined || credential === undefined)
    return { questions, shown: { source: source.name } };
  if (input.category === undefined) work.assume('category "First party"');
  return {
    body: {
      name: input.name,
      category: input.category ?? "First party",
      credentialId: credential.id,
      dataType: { displayName: type.name } as NonNullable<ToSend<"DataConnectionDetails">["dataType"]>,
      dataSource: { displayName: source.name } as NonNullable<ToSend<"DataConnectionDetails">["dataSource"]>,
      dataSourceConfiguration: given.map(([name, value]) => ({ name, value })),
    },
  };
}
