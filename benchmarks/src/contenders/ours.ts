import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Contender, pointSql } from "./contender.ts";

const cli = fileURLToPath(new URL("../../../servers/sql-explorer-mcp/dist/cli.js", import.meta.url));

/** sql-explorer-mcp with every wall, or without the plan check. */
export function ours(dsn: string, planCheck: boolean): Contender {
  const name = `sql-explorer${planCheck ? "" : " (plan check off)"}`;
  const config = join(tmpdir(), `bench-explorer-${process.pid}-${planCheck}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      sources: [{ id: "bench", kind: "postgres", dsn, plan_check: planCheck, limits: { concurrency: 8 } }],
      audit: { sink: "none" },
      log_level: "error",
    }),
  );
  return {
    name,
    launch: { command: process.execPath, args: [cli, "--config", config] },
    pointQuery: (id) => ({ name: "query", arguments: { sql: pointSql(id) } }),
  };
}
