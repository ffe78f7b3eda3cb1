import { type Logger, openAuth } from "@mcp-data/core";
import { type RunningServer, startServer } from "@mcp-data/core/start";
import { catalogueFor } from "./catalogue.ts";
import type { HabuConfig } from "./config.ts";
import { createServices, type ServicesOptions } from "./create-services.ts";
import { groupsFor, isHidden } from "./groups.ts";

export type HabuServer = RunningServer;

export interface CreateServerOptions extends Pick<ServicesOptions, "clock" | "emulator"> {
  readonly config: HabuConfig;
  readonly logger: Logger;
  /** Runs after the services are closed. */
  readonly onClose?: () => Promise<void>;
}

/** Starts serving over stdio or HTTP as the configuration says. Rejects with CONFIG_ERROR. */
export async function createServer(options: CreateServerOptions): Promise<HabuServer> {
  const { config, logger } = options;
  const services = createServices(options);
  // Only a token that is cached already tells what it allows; none is asked for here.
  const catalogue = catalogueFor(
    services.environment,
    services.tokens.permissions(),
    config.read_only === true,
  );
  const groups = groupsFor(config.groups)?.filter((group) => !isHidden(group, catalogue.tools));
  return startServer({
    catalogue,
    services,
    settings: { ...config, ...(groups === undefined ? {} : { groups: [...groups] }) },
    logger,
    auth: config.http?.listen === undefined ? undefined : openAuth(config.auth),
    ready: {
      platform: async () => {
        await services.habu
          .session({ signal: AbortSignal.timeout(5_000), requestId: "ready" })
          .call("getHealth", {});
      },
    },
    onClose: async () => {
      await services.close();
      await options.onClose?.();
    },
  });
}
