import { type Logger, openAuth } from "@mcp-data/core";
import { createEventHub } from "@mcp-data/core/http";
import { type RunningServer, startServer } from "@mcp-data/core/start";
import { catalogue } from "./catalogue.ts";
import type { JqDataConfig } from "./config.ts";
import { createServices } from "./create-services.ts";
import { announce, libraryChanged } from "./notify/announce.ts";
import { watchLibrary } from "./notify/watch-library.ts";
import { createWebhooks, type Webhooks } from "./notify/webhooks.ts";

export interface CreateServerOptions {
  readonly config: JqDataConfig;
  readonly logger: Logger;
  /** Runs after the services are closed. */
  readonly onClose?: () => Promise<void>;
}

export type JqDataServer = RunningServer;

/** Starts serving over stdio or HTTP as the configuration says. Rejects with CONFIG_ERROR. */
export async function createServer(options: CreateServerOptions): Promise<JqDataServer> {
  const { config, logger } = options;
  const events = createEventHub((err) => logger.error("an event listener failed", { err }));
  let webhooks: Webhooks | undefined;
  let watch: ReturnType<typeof watchLibrary> | undefined;
  const services = await createServices({
    config,
    logger,
    onChange: (operations) => {
      if (webhooks !== undefined) announce(operations, events.publish, webhooks);
      watch?.seen();
    },
  });
  watch = watchLibrary(services.db, services.reader, () => libraryChanged(events.publish));
  const sending = createWebhooks({ hooks: config.webhooks, db: services.db, logger });
  webhooks = sending;
  const close = async () => {
    watch?.stop();
    await sending.close();
    await services.close();
    await options.onClose?.();
  };
  try {
    const overHttp = config.http?.listen !== undefined;
    const page = overHttp ? await import("./page-routes.ts") : undefined;
    const feed = overHttp ? await import("./feed-socket.ts") : undefined;
    return await startServer({
      catalogue,
      services,
      settings: config,
      logger,
      auth: overHttp ? openAuth(config.auth) : undefined,
      ready: services.ready,
      events,
      // Every instance learns of changes by itself, from the bucket or the file.
      shareEvents: false,
      ...(listsApproved(config.groups) ? { extraTools: services.listedTools } : {}),
      quotaSource: (args) => datasetArgument(args),
      ...(page === undefined ? {} : { routes: page.pageRoutes(services, logger) }),
      ...(feed === undefined ? {} : { onUpgrade: feed.feedSocket() }),
      onClose: close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Approved tools go with the group they are proposed in. */
function listsApproved(groups: readonly string[] | undefined): boolean {
  return groups === undefined || groups.includes("team") || groups.includes("all");
}

function datasetArgument(args: unknown): string | undefined {
  const dataset =
    typeof args === "object" && args !== null ? (args as { dataset?: unknown }).dataset : undefined;
  return typeof dataset === "string" ? dataset.slice(0, 200) : undefined;
}
