import { type FlagValues, type Logger, Secret, ToolError } from "@mcp-data/core";
import { serverFlagFields } from "@mcp-data/core/start";
import type { commandLine } from "./command-line.ts";
import { type HabuConfig, readConfig } from "./config.ts";
import { createServer, type HabuServer } from "./create-server.ts";

type Flags = FlagValues<typeof commandLine.flags>;

/** From the command line to a running server. */
export async function serve(flags: Flags, logger: Logger): Promise<HabuServer> {
  if (flags.demo && flags.config !== undefined) {
    throw new ToolError("CONFIG_ERROR", "--demo has its own key and state.", { hint: "Leave out --config." });
  }
  const demo = flags.demo ? await (await import("./demo.ts")).startDemo() : undefined;
  try {
    const given = readConfig({
      file: flags.config,
      flags: Object.entries(serverFlagFields).map(([flag, field]) => ({
        flag: `--${flag}`,
        field,
        value: flags[flag as keyof typeof serverFlagFields],
      })),
    });
    const config: HabuConfig =
      demo === undefined
        ? given
        : {
            ...given,
            client_id: demo.emulator.clientId,
            client_secret: new Secret(demo.emulator.clientSecret),
            base_url: demo.emulator.url,
            state_dir: demo.stateDir,
          };
    const server = await createServer({
      config,
      logger,
      ...(demo === undefined
        ? {}
        : { clock: demo.emulator.clock, emulator: true, onClose: () => demo.close() }),
    });
    if (demo !== undefined)
      process.stderr.write(`habu-cleanroom-mcp: EMULATOR at ${demo.emulator.url} (journal: /__journal)\n`);
    if (server.url !== undefined) process.stderr.write(`habu-cleanroom-mcp listening on ${server.url}\n`);
    return server;
  } catch (error) {
    await demo?.close();
    throw error;
  }
}
