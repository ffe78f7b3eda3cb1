import { createLogger } from "@mcp-data/core";
import { chooseHome, openHome } from "../data/home.ts";
import { openSharedMemory } from "../owner/shared-memory.ts";
import { servePage } from "../page/serve.ts";
import type { CommandFlags } from "./flags.ts";
import { homeOf, say } from "./say.ts";

/** Serves until it is told to stop. */
export async function ui(values: CommandFlags<"ui">): Promise<number> {
  const home = openHome(chooseHome(homeOf(values)));
  const logger = createLogger({ server: "lineage-mcp", level: "warn" });
  const memory = openSharedMemory({ home, logger });
  const page = await servePage({ memory }, logger, values.port ?? 0);
  say(`The page is at ${page.url}`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await page.close();
  await memory.close();
  return 0;
}
