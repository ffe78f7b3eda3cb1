import { createLogger } from "@mcp-data/core";
import { chooseHome, openHome } from "../data/home.ts";
import { openSharedMemory } from "../owner/shared-memory.ts";
import type { CommandFlags } from "./flags.ts";
import { homeOf, say } from "./say.ts";

export async function status(values: CommandFlags<"status">): Promise<number> {
  const home = openHome(chooseHome(homeOf(values)));
  const memory = openSharedMemory({ home, logger: createLogger({ server: "lineage-mcp", level: "error" }) });
  try {
    await memory.fresh();
    const sessions = await memory.rows(
      "SELECT session_id, notebook_path, mode, started_at, ended_at, (SELECT count(*) FROM cell_runs r WHERE r.session_uuid = s.session_uuid) AS runs FROM sessions s ORDER BY started_at DESC LIMIT 10",
    );
    say(JSON.stringify({ home: home.root, ...(await memory.status()), sessions }, null, 2));
    return 0;
  } finally {
    await memory.close();
  }
}
