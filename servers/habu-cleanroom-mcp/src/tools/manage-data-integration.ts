import { findConnection, listConnections } from "../habu/connections.ts";
import { diagnose, health } from "../integration/health.ts";
import { shape } from "../integration/input.ts";
import { remap } from "../integration/remap.ts";
import { retry } from "../integration/retry.ts";
import { rotate } from "../integration/rotate.ts";
import { update } from "../integration/update.ts";
import { workflowTool } from "../workflow/workflow-tool.ts";

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
