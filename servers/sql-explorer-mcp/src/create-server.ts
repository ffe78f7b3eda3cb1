import { type Logger, openAuth, ToolError } from "@mcp-data/core";
import type { HttpAuth } from "@mcp-data/core/http";
import { type RunningServer, startServer } from "@mcp-data/core/start";
import { catalogue } from "./catalogue.ts";
import type { ExplorerConfig } from "./config.ts";
import { createServices } from "./create-services.ts";
import { projectClaim } from "./project/project.ts";

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
    auth: overHttp ? httpAuth(config, services.defaultProject) : undefined,
    ready: services.ready,
    quotaSource: (args) => sourceArgument(args),
    envelopeContext: (principal) => ({ projectId: services.projects.of(principal).id }),
    onClose: async () => {
      await services.close();
      await options.onClose?.();
    },
  });
}

/** Authentication that also settles the caller's project: token claims first, then the configured header. */
function httpAuth(config: ExplorerConfig, fixedProject: string | undefined): HttpAuth | undefined {
  const auth = openAuth(config.auth);
  if (auth === undefined) {
    if (fixedProject !== undefined) return undefined;
    throw new ToolError(
      "CONFIG_ERROR",
      "Projects are configured, but callers without authentication have none.",
      {
        hint: "Configure auth, or choose one project for everybody with --project.",
      },
    );
  }
  const header = config.project_header;
  if (header === undefined) return auth;
  return {
    ...auth,
    async authenticate(headers) {
      const principal = await auth.authenticate(headers);
      const named = headers.get(header);
      if (named === null || principal.claims?.[projectClaim] !== undefined) return principal;
      return { ...principal, claims: { ...principal.claims, [projectClaim]: named } };
    },
  };
}

function sourceArgument(args: unknown): string | undefined {
  const source =
    typeof args === "object" && args !== null ? (args as { source?: unknown }).source : undefined;
  return typeof source === "string" ? source : undefined;
}
