import { type FlagValues, type Logger, ToolError } from "@mcp-data/core";
import { serverFlagFields } from "@mcp-data/core/start";
import type { commandLine } from "./command-line.ts";
import { type JqDataConfig, readConfig } from "./config.ts";
import { createServer, type JqDataServer } from "./create-server.ts";

export type Flags = FlagValues<typeof commandLine.flags>;

const flagFields = { ...serverFlagFields, data: "data", database: "database", seeds: "seeds" } as const;

export function configFrom(flags: Flags, demo?: { readonly data: string[]; readonly seeds: string[]; readonly database: string }): JqDataConfig {
  const given = Object.entries(flagFields).map(([flag, field]) => ({ flag: `--${flag}`, field, value: flags[flag as keyof typeof flagFields] }));
  const own = Object.entries(demo ?? {}).map(([field, value]) => ({ flag: "--demo", field, value }));
  return readConfig({ file: flags.config, flags: [...given, ...own] });
}

/** From the command line to a running server. */
export async function serve(flags: Flags, logger: Logger): Promise<JqDataServer> {
  if (flags.demo && (flags.data !== undefined || flags.database !== undefined || flags.seeds !== undefined)) {
    throw new ToolError("CONFIG_ERROR", "--demo serves its own data and library only.", { hint: "Leave out --data, --database and --seeds." });
  }
  const demo = flags.demo ? (await import("./demo/demo.ts")).buildDemo() : undefined;
  try {
    const config = configFrom(flags, demo?.settings);
    const server = await createServer({ config, logger, ...(demo === undefined ? {} : { onClose: () => demo.remove() }) });
    if (server.url !== undefined) process.stderr.write(`jq-data-mcp listening on ${server.url}\n`);
    return server;
  } catch (error) {
    await demo?.remove();
    throw error;
  }
}
