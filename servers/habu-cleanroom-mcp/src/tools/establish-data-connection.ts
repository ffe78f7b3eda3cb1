import { createOnce } from "../client/settle.ts";
import { follow } from "../connecting/follow.ts";
import { shape } from "../connecting/input.ts";
import { requestFor } from "../connecting/request.ts";
import { type Connection, connectionFrom, listConnections } from "../habu/connections.ts";
import { findRoom } from "../habu/rooms.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

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
