import { type FlagSetting, loadConfig, secretField, ToolError } from "@mcp-data/core";
import { serverEnvFields, serverSettings } from "@mcp-data/core/start";
import { z } from "zod";

const count = z.int().min(1);

const s3 = {
  bucket: z.string().min(3).max(63).describe("Bucket name."),
  endpoint: z.url().optional().describe("URL of the service; absent: AWS."),
  region: z.string().min(1).default("us-east-1"),
  access_key_id: secretField().optional().describe("Absent: AWS_ACCESS_KEY_ID."),
  secret_access_key: secretField().optional().describe("Absent: AWS_SECRET_ACCESS_KEY."),
  session_token: secretField().optional().describe("Absent: AWS_SESSION_TOKEN."),
};

/** The whole configuration; its JSON Schema is published as config.schema.json. */
export const configSchema = z.strictObject({
  data: z.array(z.string().min(1)).default([]).describe("Files and folders of JSON that programs may read."),
  s3_data: z
    .array(
      z.strictObject({ ...s3, prefix: z.string().default("").describe("Only keys that begin with it.") }),
    )
    .default([])
    .describe("JSON in buckets."),
  database: z
    .string()
    .min(1)
    .default("./database/tools.db")
    .describe("The library's SQLite file; made when missing."),
  seeds: z.array(z.string().min(1)).default([]).describe("YAML files that fill an empty library."),
  engine: z
    .strictObject({
      workers: count.max(64).optional().describe("Threads kept; the number of cores when absent."),
      max_workers: count.max(256).optional().describe("Threads while long runs hold the others."),
      per_user: count.max(64).default(2).describe("Runs of one caller at a time."),
      timeout_seconds: z.number().min(0.05).max(3_600).default(30).describe("Wall time of a run."),
      memory_mb: z.int().min(16).max(256).default(256).describe("Memory of a run."),
      result_mb: z.int().min(1).max(10_000).default(100).describe("Output of a run."),
      native: z
        .boolean()
        .default(false)
        .describe("Use a native jq 1.8.2 or later for large inputs, when there is one."),
      native_path: z.string().min(1).optional().describe("That jq; absent: node-jq's, then PATH."),
      native_allow_old: z.boolean().default(false).describe("Accept versions with known security holes."),
    })
    .prefault({}),
  team: z
    .strictObject({
      threshold: count.max(100).default(2).describe("Approvals a proposal needs, its author's not counted."),
      open_proposals: count.max(100_000).default(200).describe("Open proposals of one author at a time."),
      auto_approve_hours: z
        .number()
        .min(0.001)
        .optional()
        .describe("Hours after which silence approves what passed its tests; absent: never."),
      owners: z
        .array(z.string().min(1))
        .default([])
        .describe("Callers with the role owner, such as key:alice."),
      admins: z.array(z.string().min(1)).default([]).describe("Callers with at least the role admin."),
      people: z
        .array(z.array(z.string().min(1)).min(1))
        .default([])
        .describe(
          "Whoever has several credentials, a list each, such as [key:ann, jwt:SUBJECT]: one person, one vote, known by the first.",
        ),
      learning: z.boolean().default(true).describe("Offer propose_tool and propose_function."),
    })
    .prefault({}),
  sync: z
    .strictObject({
      ...s3,
      prefix: z.string().default("").describe("Put in front of every key."),
      interval_seconds: z.number().min(0.05).max(86_400).default(30),
    })
    .optional()
    .describe("Share the library with other instances through S3."),
  cache: z
    .strictObject({
      size_mb: z.int().min(1).max(100_000).default(500).describe("Kept results."),
      data_mb: z
        .int()
        .min(1)
        .max(10_000_000)
        .default(20_000)
        .describe("Disk for downloaded and unpacked data; the longest unused gives way."),
      redis_url: secretField().optional().describe("Share finished runs over Redis."),
    })
    .prefault({}),
  webhooks: z
    .array(
      z.strictObject({
        url: z.url().describe("Where events are sent."),
        secret: secretField().describe("Signs each delivery."),
      }),
    )
    .default([])
    .describe("Told of proposals, votes and changes."),
  ...serverSettings,
});

export type JqDataConfig = z.output<typeof configSchema>;

type Env = Readonly<Record<string, string | undefined>>;

/** The founding names, still read; a JQ_DATA_ variable wins. */
const renamed: Readonly<Record<string, string>> = {
  DATASETS_PATH: "DATA",
  DATABASE_PATH: "DATABASE",
  LOG_LEVEL: "LOG_LEVEL",
  S3_BUCKET: "SYNC_BUCKET",
  SYNC_INTERVAL: "SYNC_INTERVAL",
  APPROVAL_THRESHOLD: "APPROVAL_THRESHOLD",
  AUTO_APPROVE_TIMEOUT: "AUTO_APPROVE_HOURS",
  ENABLE_LEARNING: "ENABLE_LEARNING",
  QUERY_TIMEOUT_SECONDS: "TIMEOUT_SECONDS",
  MAX_RESULT_SIZE_MB: "RESULT_MB",
  CACHE_SIZE_MB: "CACHE_MB",
};

function withFoundingNames(env: Env): Env {
  const found: Record<string, string | undefined> = { ...env };
  const old = (name: string) => env[`SUPER_DATA_${name}`] || undefined;
  for (const [from, to] of Object.entries(renamed)) {
    const value = old(from);
    if (value !== undefined)
      found[`JQ_DATA_${to}`] ??=
        from === "LOG_LEVEL" ? value.toLowerCase().replace("warning", "warn") : value;
  }
  if (old("TRANSPORT") === "http")
    found.JQ_DATA_HTTP ??= `${old("HOST") ?? "127.0.0.1"}:${old("PORT") ?? "8080"}`;
  return found;
}

const envFields = [
  ...serverEnvFields("JQ_DATA"),
  { name: "JQ_DATA_DATA", field: "data", type: "list" },
  { name: "JQ_DATA_DATABASE", field: "database" },
  { name: "JQ_DATA_TIMEOUT_SECONDS", field: "engine.timeout_seconds", type: "number" },
  { name: "JQ_DATA_RESULT_MB", field: "engine.result_mb", type: "number" },
  { name: "JQ_DATA_CACHE_MB", field: "cache.size_mb", type: "number" },
  { name: "JQ_DATA_CACHE_REDIS_URL", field: "cache.redis_url", type: "secret" },
  { name: "JQ_DATA_APPROVAL_THRESHOLD", field: "team.threshold", type: "number" },
  { name: "JQ_DATA_AUTO_APPROVE_HOURS", field: "team.auto_approve_hours", type: "number" },
  { name: "JQ_DATA_ENABLE_LEARNING", field: "team.learning", type: "boolean" },
  { name: "JQ_DATA_OWNERS", field: "team.owners", type: "list" },
  { name: "JQ_DATA_SYNC_BUCKET", field: "sync.bucket" },
  { name: "JQ_DATA_SYNC_INTERVAL", field: "sync.interval_seconds", type: "number" },
] as const;

export interface ConfigRequest {
  readonly file?: string | undefined;
  readonly flags: readonly FlagSetting[];
  readonly env?: Env;
}

/** CONFIG_ERROR names each field that is wrong, the kind of its value and the fix. */
export function readConfig(request: ConfigRequest): JqDataConfig {
  const env = withFoundingNames(request.env ?? process.env);
  const usesSync = Boolean(env.JQ_DATA_SYNC_BUCKET) || request.file !== undefined;
  const bucketFields = usesSync
    ? ([
        { name: "AWS_REGION", field: "sync.region" },
        { name: "AWS_ENDPOINT_URL_S3", field: "sync.endpoint" },
      ] as const)
    : [];
  const config = loadConfig({
    schema: configSchema,
    ...(request.file === undefined ? {} : { file: request.file }),
    env,
    envFields: [...envFields, ...(env.JQ_DATA_SYNC_BUCKET ? bucketFields : [])],
    flags: request.flags,
  });
  return config;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** From the settings, else from the usual variables. CONFIG_ERROR when there are none. */
export function credentialsOf(
  settings: NonNullable<JqDataConfig["sync"]> | JqDataConfig["s3_data"][number],
  env: Env = process.env,
): S3Credentials {
  const accessKeyId = settings.access_key_id?.reveal() ?? env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = settings.secret_access_key?.reveal() ?? env.AWS_SECRET_ACCESS_KEY;
  const sessionToken = settings.session_token?.reveal() ?? env.AWS_SESSION_TOKEN;
  if (!accessKeyId || !secretAccessKey) {
    throw new ToolError("CONFIG_ERROR", `There are no credentials for bucket ${settings.bucket}.`, {
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    });
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
