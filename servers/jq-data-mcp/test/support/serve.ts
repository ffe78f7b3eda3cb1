import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@mcp-data/core/http";
import { configSchema } from "../../src/config.ts";
import { createServer } from "../../src/create-server.ts";
import { writeSamples } from "../../src/demo/demo.ts";

const people = ["ann", "bob", "cid", "dee", "owner"] as const;
export const keyOf = (person: string) => `key-of-${person}-0123456789`;

export const keyFor = (id: string, scopes: readonly string[]) => ({
  id,
  hash: `sha256:${createHash("sha256").update(keyOf(id)).digest("hex")}`,
  scopes: [...scopes],
});

/** A team server on a free port; everybody has an API key. */
export async function serveTeam(more: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), "jq-data-http-"));
  const { data, seeds } = writeSamples(folder);
  const config = configSchema.parse({
    data: [data],
    seeds,
    database: join(folder, "tools.db"),
    http: { listen: "127.0.0.1:0" },
    auth: {
      api_keys: people.map((id) => keyFor(id, ["data:read", "data:write"])),
    },
    team: { owners: ["key:owner"] },
    audit: { sink: "none" },
    rate_limits: { enabled: false },
    groups: ["all"],
    ...more,
  });
  const failures: unknown[] = [];
  const logger = { ...silentLog, error: (...said: unknown[]) => void failures.push(said) };
  const server = await createServer({ config, logger });
  const url = server.url as string;
  return {
    url,
    base: url.replace(/\/mcp$/, ""),
    folder,
    data,
    /** What the operator was told of as an error. */
    failures,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
