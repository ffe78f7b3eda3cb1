import { type Logger, openAuth } from "@mcp-data/core";
import { createEventHub } from "@mcp-data/core/http";
import { type RunningServer, startServer } from "@mcp-data/core/start";
import { catalogue } from "./catalogue.ts";
import type { LineageConfig } from "./config.ts";
import type { LineageServices } from "./create-services.ts";
import { resourceUris } from "./resources/index.ts";

export type LineageServer = RunningServer;

export interface CreateServerOptions {
  readonly config: LineageConfig;
  readonly services: LineageServices;
  readonly logger: Logger;
  /** Runs before the services are closed. */
  readonly onClose?: () => Promise<void>;
}

/** Serves over stdio or HTTP as the configuration says; what is recorded meanwhile is announced. */
export async function createServer({
  config,
  services,
  logger,
  onClose,
}: CreateServerOptions): Promise<LineageServer> {
  const events = createEventHub((err) => logger.error("an event listener failed", { err }));
  const known = new Set<string>();
  const stop = services.memory.onChange((notebooks) => {
    for (const hash of notebooks) {
      if (!known.has(hash)) events.publish({ kind: "resources_changed" });
      known.add(hash);
      for (const uri of resourceUris(hash)) events.publish({ kind: "resource_updated", uri });
    }
  });
  return startServer({
    catalogue,
    services,
    settings: config,
    logger,
    auth: config.http?.listen === undefined ? undefined : openAuth(config.auth),
    events,
    ready: { database: async () => void (await services.memory.status()) },
    onClose: async () => {
      stop();
      await onClose?.();
      await services.close();
    },
  });
}
