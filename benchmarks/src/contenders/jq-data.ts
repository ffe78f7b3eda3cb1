import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, type WireClient } from "../harness/wire-client.ts";

export const jqDataCli = fileURLToPath(new URL("../../../servers/jq-data-mcp/dist/cli.js", import.meta.url));

export interface JqDataBench {
  readonly client: WireClient;
  /** The values of a query's first page. */
  query(args: object): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** The built server over stdio, reading one folder. */
export async function jqData(data: string, engine: object = {}): Promise<JqDataBench> {
  const folder = mkdtempSync(join(tmpdir(), "bench-jq-data-"));
  const config = join(folder, "config.json");
  writeFileSync(
    config,
    JSON.stringify({
      data: [data],
      database: join(folder, "tools.db"),
      engine,
      audit: { sink: "none" },
      log_level: "error",
    }),
  );
  const client = await launch({ command: process.execPath, args: [jqDataCli, "--config", config] });
  return {
    client,
    async query(args) {
      const answer = await client.call({ name: "query", arguments: { ...args } });
      const envelope = JSON.parse(answer.content[0]?.text ?? "{}");
      if (!envelope.success) throw new Error(`a measured call failed: ${answer.content[0]?.text}`);
      return envelope.data.values;
    },
    async close() {
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
