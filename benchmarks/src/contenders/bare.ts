import { fileURLToPath } from "node:url";
import { type Contender, pointSql } from "./contender.ts";

/** The official SDK's server around one unguarded pg query. */
export function bare(dsn: string): Contender {
  const entry = fileURLToPath(new URL("./bare-server.ts", import.meta.url));
  return {
    name: "bare SDK server",
    launch: { command: process.execPath, args: ["--import", "tsx", entry, dsn] },
    pointQuery: (id) => ({ name: "query", arguments: { sql: pointSql(id) } }),
  };
}
