import type { Principal } from "../auth/principal.ts";
import type { Caller } from "../call/caller.ts";
import { createCaller } from "../call/run-call.ts";
import { createReader, type Reader } from "../call/run-read.ts";
import { createRunning } from "../call/running.ts";
import { ToolError } from "../error/tool-error.ts";
import type { HttpAuth } from "../http/authentication.ts";
import { parseBind } from "../http/bind.ts";
import { createEventHub, type EventHub } from "../http/events.ts";
import type { ReadyChecks } from "../http/health.ts";
import { settledWithin, stopOnSignal } from "../http/stop.ts";
import type { Logger } from "../log/logger.ts";
import type { HttpServerOptions } from "../mcp/serve-http.ts";
import { serveStdio } from "../mcp/serve-stdio.ts";
import { type Catalogue, exposedTools } from "../tool/catalogue.ts";
import type { AnyTool } from "../tool/define-tool.ts";
import { openAudit } from "./open-audit.ts";
import type { OpenRateGate, OpenRateOptions } from "./open-rate.ts";
import { httpWindows, type ServerSettings } from "./settings.ts";

/** Failures an operator should see without being asked. */
const operatorCodes: ReadonlySet<string> = new Set([
  "CONNECTION_ERROR",
  "UPSTREAM_ERROR",
  "CONFIG_ERROR",
  "UNAVAILABLE",
]);

type Routes = NonNullable<HttpServerOptions["routes"]>;

export interface StartOptions<Services> {
  readonly catalogue: Catalogue<Services>;
  readonly services: Services;
  readonly settings: ServerSettings;
  readonly logger: Logger;
  /** Built from settings.auth; absent when nothing is configured. */
  readonly auth?: HttpAuth | undefined;
  readonly ready?: ReadyChecks;
  readonly events?: EventHub;
  /** False where every instance learns of all changes by itself and publishes them. */
  readonly shareEvents?: boolean;
  /** Tools that come and go while the process runs; the same list until one changes. */
  extraTools?(): readonly AnyTool<Services>[];
  /** Over HTTP: the server's own pages; what they do goes through the caller or the reader, as every call does. */
  readonly routes?: (...given: [...Parameters<Routes>, caller: Caller<Services>, reader: Reader]) => void;
  readonly onUpgrade?: HttpServerOptions["onUpgrade"];
  /** Key of the per-source quota, from arguments that are not validated yet. */
  quotaSource?(args: unknown, principal: Principal): string | undefined;
  envelopeContext?(principal: Principal): { projectId?: string };
  /** Closes the services. */
  readonly onClose: () => Promise<void>;
}

export interface RunningServer {
  /** Of the MCP endpoint; absent over stdio. */
  readonly url?: string;
  /** Resolves when the server has ended, its services closed. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Puts a catalogue on the wire as the settings say. Rejects with CONFIG_ERROR; signals are handled. */
export async function startServer<Services>(options: StartOptions<Services>): Promise<RunningServer> {
  const { catalogue, services, settings, logger } = options;
  const listen = settings.http?.listen;
  const tools = toolsOf(options);
  const audit = await openAudit(settings.audit, logger);
  const rate = await rateGate(settings.rate_limits, {
    server: catalogue.name,
    byDefault: listen === undefined ? undefined : httpWindows,
    logger,
  });
  const events = options.events ?? createEventHub((err) => logger.error("an event listener failed", { err }));
  const shared = await sharedEvents(options, events);
  const running = createRunning();
  const { visibleTools, call } = createCaller<Services>({
    server: catalogue.name,
    tools,
    ...(options.extraTools === undefined ? {} : { extraTools: options.extraTools }),
    services,
    audit: audit.recorder,
    ...(rate === undefined ? {} : { admission: rate.gate }),
    ...(options.quotaSource === undefined ? {} : { quotaSource: options.quotaSource }),
    ...(options.envelopeContext === undefined ? {} : { envelopeContext: options.envelopeContext }),
    onDefect: (err, request_id) => logger.error("a call failed unexpectedly", { err, request_id }),
    onCause: ({ code, cause }, request_id) => {
      const level = operatorCodes.has(code) ? "warn" : "debug";
      logger[level]("a call failed", { code, err: cause, request_id });
    },
  });
  const caller: Caller<Services> = { visibleTools, call: (request) => running.count(call(request)) };
  const read = createReader({ server: catalogue.name, audit: audit.recorder, admission: rate?.gate });
  const onClose = async () => {
    // Aborted calls still tell their end to the trail, while their services and the trail are there.
    await settledWithin(running.idle(), 300);
    await options.onClose();
    shared?.close();
    await rate?.close();
    await settledWithin(running.idle(), 100);
    await audit.close();
  };
  const surface = {
    catalogue: { ...catalogue, tools },
    caller,
    services,
    reader: ((request) => running.count(read(request))) as Reader,
    events,
    log: logger,
    onClose,
  };

  if (listen === undefined) {
    const stdio = serveStdio(surface);
    stopOnSignal(() => stdio.close());
    return stdio;
  }
  // Loaded only here: a stdio server starts faster and smaller without it.
  const { serveHttp } = await import("../mcp/serve-http.ts");
  const { createMetrics } = await import("../http/metrics.ts");
  const { measuredCaller } = await import("../mcp/measured-caller.ts");
  const metrics = createMetrics(catalogue.name);
  const http = await serveHttp({
    ...surface,
    ...parseBind(listen),
    auth: options.auth,
    routes: (app, requirePrincipal) =>
      options.routes?.(app, requirePrincipal, measuredCaller(caller, metrics), surface.reader),
    ...(options.onUpgrade === undefined ? {} : { onUpgrade: options.onUpgrade }),
    metrics,
    ready: { ...options.ready, ...(rate?.ping === undefined ? {} : { redis: rate.ping }) },
    ...defined({
      allowedHosts: settings.http?.allowed_hosts,
      allowedOrigins: settings.http?.allowed_origins,
      publicUrl: settings.http?.public_url,
      maxBodyBytes: settings.http?.max_body_bytes,
      openMetrics: settings.http?.open_metrics,
    }),
  });
  let ended: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const close = () => http.close().finally(ended);
  stopOnSignal(close);
  return { url: http.url, closed, close };
}

/** Loaded only where something limits: a local server starts smaller without it. */
async function rateGate(
  settings: ServerSettings["rate_limits"],
  options: OpenRateOptions,
): Promise<OpenRateGate | undefined> {
  if (settings === undefined && options.byDefault === undefined) return undefined;
  const { openRateGate } = await import("./open-rate.ts");
  return openRateGate(settings, options);
}

/** Loaded only where instances share a Redis. */
async function sharedEvents<Services>(options: StartOptions<Services>, events: EventHub) {
  const url = options.settings.rate_limits?.redis_url;
  if (url === undefined || options.shareEvents === false) return undefined;
  const { openSharedEvents } = await import("./open-shared-events.ts");
  const { catalogue, logger } = options;
  return openSharedEvents(url.reveal(), { server: catalogue.name, events, logger });
}

function toolsOf<Services>({ catalogue, settings }: StartOptions<Services>) {
  try {
    return exposedTools(catalogue, {
      ...(settings.groups === undefined ? {} : { groups: settings.groups }),
      readOnly: settings.read_only === true,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ToolError("CONFIG_ERROR", `groups: ${error.message}.`, {
      hint: "Name groups with --groups a,b.",
    });
  }
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
