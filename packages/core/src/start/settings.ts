import { z } from "zod";
import type { FlagTable } from "../config/command-line.ts";
import type { EnvField } from "../config/env-fields.ts";
import { secretField } from "../config/secret.ts";
import { defaultHttpLimits } from "../rate/windows.ts";

const count = z.int().min(1);

const windows = z.strictObject({
  minute: count.optional().describe("Calls per minute."),
  hour: count.optional().describe("Calls per hour."),
  day: count.optional().describe("Calls per day."),
});

const apiKey = z.strictObject({
  id: z.string().min(1).max(128).describe("Name of the caller in quotas and the audit trail."),
  hash: z.string().min(1).describe("Hash of the key: sha256:HEX, or scrypt:… for a short one."),
  scopes: z.array(z.string().min(1)).default(["data:read"]).describe("What the key may do; * is everything."),
  tenant: z.string().min(1).optional(),
  claims: z.record(z.string(), z.unknown()).optional().describe("Attributes, such as project_id."),
  expires_at: z.iso.datetime({ offset: true }).optional(),
  disabled: z.boolean().default(false),
});

const jwt = z.strictObject({
  issuer: z.url().describe("Expected iss."),
  audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).describe("Expected aud."),
  jwks_url: z.url().describe("Where the issuer publishes its keys."),
  algorithms: z
    .array(z.enum(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]))
    .min(1)
    .optional()
    .describe("Accepted signatures; RS256, ES256 and EdDSA when absent."),
  scope_claim: z.string().min(1).optional().describe("Claim that holds scopes; scope or scp when absent."),
  tenant_claim: z.string().min(1).optional(),
  clock_tolerance_seconds: z.number().min(0).max(300).optional(),
});

const headerName = z.string().regex(/^[A-Za-z0-9-]+$/);

/** What tells a proxy from everybody else; a server whose own setting trusts one spreads them there. */
export const proxyFields = {
  peers: z.array(z.string().min(1)).min(1).optional().describe("Addresses or CIDR ranges of the proxy."),
  secret: secretField().optional().describe("What the proxy proves itself with."),
  secret_header: headerName.default("X-Proxy-Secret"),
};

const trustedProxy = z.strictObject({
  header: headerName.default("X-User-Id").describe("Header with the caller's id."),
  ...proxyFields,
  scopes: z
    .array(z.string().min(1))
    .default(["data:read", "data:write"])
    .describe("What its callers may do."),
});

const auth = z.strictObject({
  api_keys: z.array(apiKey).optional(),
  jwt: jwt.optional(),
  trusted_proxy: trustedProxy
    .optional()
    .describe("A proxy in front that names each caller; from others the header is ignored."),
  required_scopes: z.array(z.string().min(1)).optional().describe("Scopes every request needs."),
});

const rateLimits = z.strictObject({
  enabled: z.boolean().optional().describe("Over HTTP true when absent, over stdio false."),
  principal: windows.optional().describe("Per caller."),
  source: windows.optional().describe("Per source, over all callers."),
  concurrency: z
    .strictObject({
      per_principal: count.optional(),
      per_source: count.optional(),
      queue: z.int().min(0).optional().describe("Calls that may wait for a slot."),
      wait_ms: z.int().min(0).optional().describe("Milliseconds a call waits for a slot."),
    })
    .optional(),
  redis_url: secretField().optional().describe("Shares counts and events among several instances."),
  redis_down: z
    .enum(["memory", "refuse"])
    .optional()
    .describe("While Redis is away: count alone, or refuse."),
});

const audit = z.strictObject({
  sink: z.enum(["stderr", "file", "none"]).default("stderr"),
  file: z.string().min(1).optional().describe("Path, for sink file."),
  max_bytes: z.int().min(10_000).optional().describe("Size at which the file is rotated."),
  failing: z.enum(["open", "closed"]).default("open").describe("closed: no call without its record."),
  arguments: z
    .enum(["redacted", "names"])
    .default("redacted")
    .describe("names: no argument values in the trail."),
  key: secretField().optional().describe("Signs the chain's head, so that a cut end is found."),
});

const http = z.strictObject({
  listen: z.string().min(1).optional().describe("HOST:PORT; absent: stdio."),
  allowed_hosts: z.array(z.string().min(1)).optional().describe("Host names besides loopback ones."),
  allowed_origins: z.array(z.string().min(1)).optional().describe("Browser origins that may call."),
  public_url: z.url().optional().describe("URL clients use when a proxy stands in front."),
  max_body_bytes: z.int().min(1_000).optional(),
  open_metrics: z.boolean().optional().describe("Serve /metrics without a credential."),
});

/** Settings every server shares; a server's schema spreads them beside its own. */
export const serverSettings = {
  http: http.optional().describe("Serve over HTTP instead of stdio."),
  auth: auth.optional().describe("Who may call over HTTP."),
  rate_limits: rateLimits.optional().describe("Quotas and slots."),
  audit: audit.optional().describe("The trail of calls."),
  signing_keys: z
    .array(secretField())
    .min(1)
    .optional()
    .describe("Sign cursors and handles; the first signs, all verify. Absent: random per process."),
  groups: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Tool groups served instead of the default ones."),
  read_only: z.boolean().optional().describe("Serve no tool that writes, whatever the groups."),
  log_level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
};

export type ServerSettings = z.output<z.ZodObject<typeof serverSettings>>;

/** Calls per window over HTTP when nothing is configured. */
export const httpWindows = defaultHttpLimits;

/** Flags every server takes. */
export const serverFlags = {
  http: {
    type: "string",
    value: "HOST:PORT",
    help: "Serve over HTTP instead of stdio; :0 picks a free port",
  },
  config: { type: "string", value: "FILE", help: "Read settings from a YAML or JSON file" },
  groups: {
    type: "list",
    value: "NAME",
    help: "Tool groups to serve instead of the default; all for every group",
  },
  "read-only": { type: "boolean", help: "Serve no tool that writes, whatever the groups" },
  "log-level": {
    type: "choice",
    choices: ["debug", "info", "warn", "error", "silent"],
    help: "How much to log on stderr",
  },
} as const satisfies FlagTable;

/** The field each shared flag sets. */
export const serverFlagFields = {
  http: "http.listen",
  groups: "groups",
  "read-only": "read_only",
  "log-level": "log_level",
} as const;

/** Variables every server reads, under its own prefix. */
export function serverEnvFields(prefix: string): EnvField[] {
  return [
    { name: `${prefix}_HTTP`, field: "http.listen" },
    { name: `${prefix}_GROUPS`, field: "groups", type: "list" },
    { name: `${prefix}_READ_ONLY`, field: "read_only", type: "boolean" },
    { name: `${prefix}_LOG_LEVEL`, field: "log_level" },
    { name: `${prefix}_REDIS_URL`, field: "rate_limits.redis_url", type: "secret" },
    { name: `${prefix}_AUDIT_KEY`, field: "audit.key", type: "secret" },
  ];
}
