import type { Logger } from "@mcp-data/core";
import { type RunningServer, startServer } from "@mcp-data/core/start";
import { catalogue } from "./catalogue.ts";
import type { ExplorerConfig } from "./config.ts";
import { createServices } from "./create-services.ts";
import { projectAuth } from "./project/project-auth.ts";

export type ExplorerServer = RunningServer;

export interface CreateServerOptions {
  readonly config: ExplorerConfig;
  /** The project of every caller; without it callers over HTTP bring their own. */
  readonly project?: string | undefined;
  readonly logger: Logger;
  /** Runs before the first use of an engine. */
  readonly beforeOpen?: () => Promise<void>;
  /** Runs after the services are closed. */
  readonly onClose?: () => Promise<void>;
}

/** Starts serving over stdio or HTTP as the configuration says. Rejects with CONFIG_ERROR. */
export async function createServer(options: CreateServerOptions): Promise<ExplorerServer> {
  const { config, logger } = options;
  const overHttp = config.http?.listen !== undefined;
  const services = createServices({
    config,
    project: options.project,
    logger,
    local: !overHttp,
    privilegeCheck: overHttp ? "enforce" : "warn",
    ...(options.beforeOpen === undefined ? {} : { beforeOpen: options.beforeOpen }),
  });
  if (overHttp) await services.probe(AbortSignal.timeout(10_000));
  return startServer({
    catalogue,
    services,
    settings: config,
    logger,
    auth: overHttp ? projectAuth(config, services.defaultProject) : undefined,
    ready: services.ready,
    quotaSource: (args) => sourceArgument(args),
    envelopeContext: (principal) => ({ projectId: services.projects.of(principal).id }),
    onClose: async () => {
      await services.close();
      await options.onClose?.();
    },
  });
}

function sourceArgument(args: unknown): string | undefined {
  const source =
    typeof args === "object" && args !== null ? (args as { source?: unknown }).source : undefined;
  return typeof source === "string" ? source : undefined;
}
