import { homedir } from "node:os";
import { join } from "node:path";
import { type FlagSetting, loadConfig, secretField } from "@mcp-data/core";
import { serverEnvFields, serverSettings } from "@mcp-data/core/start";
import { z } from "zod";

const defaultBaseUrl = "https://api.habu.com/v1";

/** The whole configuration; its JSON Schema is published as config.schema.json. */
export const configSchema = z.strictObject({
  client_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Of the organisation's API key; best from HABU_CLIENT_ID."),
  client_secret: secretField()
    .optional()
    .describe("Of the organisation's API key; best from HABU_CLIENT_SECRET."),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Of the platform, with or without /v1."),
  state_dir: z
    .string()
    .min(1)
    .optional()
    .describe("Folder for the token cache, the run ledger and resume handles; kept across restarts."),
  export_dir: z.string().min(1).optional().describe("Folder result files are written to."),
  reserved_runs: z
    .int()
    .min(0)
    .max(19)
    .default(0)
    .describe("Of the 20 runs an hour, those left to people in the console."),
  allow_credential_writes: z
    .boolean()
    .default(false)
    .describe("Let manage_data_integration rotate credentials from HABU_CREDENTIAL_… variables."),
  knowledge: z
    .boolean()
    .default(false)
    .describe("Keep notes on what resolved findings, and show them again."),
  webhook: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).describe("Where `watch` posts alerts."),
      secret: secretField().describe("Signs the posts."),
    })
    .optional()
    .describe("Alerts of the watch command."),
  ...serverSettings,
});

export type HabuConfig = z.output<typeof configSchema>;

const envFields = [
  { name: "HABU_CLIENT_ID", field: "client_id" },
  { name: "HABU_CLIENT_SECRET", field: "client_secret", type: "secret" as const },
  { name: "HABU_API_BASE_URL", field: "base_url" },
  { name: "HABU_STATE_DIR", field: "state_dir" },
  { name: "HABU_EXPORT_DIR", field: "export_dir" },
  { name: "HABU_RESERVED_RUNS", field: "reserved_runs", type: "number" as const },
  { name: "HABU_ALLOW_CREDENTIAL_WRITES", field: "allow_credential_writes", type: "boolean" as const },
  { name: "HABU_KNOWLEDGE", field: "knowledge", type: "boolean" as const },
  { name: "HABU_WEBHOOK_URL", field: "webhook.url" },
  { name: "HABU_WEBHOOK_SECRET", field: "webhook.secret", type: "secret" as const },
];

/** CONFIG_ERROR names each field that is wrong, the kind of its value and the fix. */
export function readConfig(request: {
  file?: string | undefined;
  flags: readonly FlagSetting[];
  env?: NodeJS.ProcessEnv;
}): HabuConfig {
  return loadConfig({
    schema: configSchema,
    ...(request.file === undefined ? {} : { file: request.file }),
    ...(request.env === undefined ? {} : { env: request.env }),
    envFields: [...envFields, ...serverEnvFields("HABU")],
    flags: [...request.flags],
  });
}

/** Without a slash at the end, with the version segment. */
export function apiUrl(given: string | undefined): string {
  const bare = (given ?? defaultBaseUrl).replace(/\/+$/, "");
  return /\/v\d+$/.test(bare) ? bare : `${bare}/v1`;
}

export function defaultStateDir(env: NodeJS.ProcessEnv = process.env): string {
  const base =
    env.XDG_STATE_HOME && env.XDG_STATE_HOME !== "" ? env.XDG_STATE_HOME : join(homedir(), ".local", "state");
  return join(base, "habu-cleanroom-mcp");
}
