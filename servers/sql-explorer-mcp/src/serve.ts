import { createLogger, type FlagValues, refuseArgvPassword, ToolError } from "@mcp-data/core";
import { serverFlagFields } from "@mcp-data/core/start";
import type { commandLine } from "./command-line.ts";
import { sourcesFromArguments } from "./config/from-arguments.ts";
import { readConfig } from "./config.ts";
import { createServer, type ExplorerServer } from "./create-server.ts";
import { createShop } from "./demo/shop.ts";

type Flags = FlagValues<typeof commandLine.flags>;

/** From the command line to a running server. */
export async function serve(flags: Flags, args: readonly string[]): Promise<ExplorerServer> {
  refuseArgvPassword(args, "SQL_EXPLORER_DSN");
  if (flags.demo && (args.length > 0 || flags.config !== undefined)) {
    throw new ToolError("CONFIG_ERROR", "--demo serves its own source only.", {
      hint: "Leave out the other sources and --config.",
    });
  }
  const shop = flags.demo ? await createShop() : undefined;
  try {
    const config = readConfig({
      file: flags.config,
      sources: shop === undefined ? sourcesFromArguments(args) : [shop.source],
      flags: Object.entries(serverFlagFields).map(([flag, field]) => ({
        flag: `--${flag}`,
        field,
        value: flags[flag as keyof typeof serverFlagFields],
      })),
    });
    const server = await createServer({
      config,
      project: flags.project,
      logger: createLogger({ server: "sql-explorer-mcp", level: config.log_level }),
      ...(shop === undefined ? {} : { beforeOpen: () => shop.build(), onClose: () => shop.remove() }),
    });
    if (server.url !== undefined) process.stderr.write(`sql-explorer-mcp listening on ${server.url}\n`);
    return server;
  } catch (error) {
    await shop?.remove();
    throw error;
  }
}
