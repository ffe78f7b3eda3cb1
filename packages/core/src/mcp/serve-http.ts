import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server";
import type { Hono } from "hono";
import type { Principal } from "../auth/principal.ts";
import { type AppEnv, createHttpApp, type HttpApp, type McpRequest } from "../http/app.ts";
import type { HttpAuth } from "../http/authentication.ts";
import { assertSafeBind } from "../http/bind.ts";
import { createEventHub, type EventHub, type ServerEvent } from "../http/events.ts";
import type { ReadyChecks } from "../http/health.ts";
import { createInFlight } from "../http/in-flight.ts";
import { listen } from "../http/listen.ts";
import { createMetrics, type Metrics } from "../http/metrics.ts";
import { createPlaces } from "../http/places.ts";
import { settledWithin } from "../http/stop.ts";
import { type Upgrade, upgradeHandler } from "../http/upgrade.ts";
import type { Logger } from "../log/logger.ts";
import type { BindServer } from "./bind.ts";
import { type CallLane, createCallLane } from "./call-lane.ts";
import { createListeners } from "./listeners.ts";
import { measuredCaller } from "./measured-caller.ts";
import { carriedPrincipal, carryPrincipal } from "./request-principal.ts";
import { bindServer } from "./server.ts";
import { createSessions, type SessionLimits } from "./sessions.ts";
import { createSurface, type SurfaceOptions } from "./surface.ts";

export interface HttpServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly mcpPath?: string;
  /** Without it only loopback may be listened on, and everyone is the same anonymous caller. */
  readonly auth?: HttpAuth | undefined;
  readonly allowedHosts?: readonly string[];
  readonly allowedOrigins?: readonly string[];
  /** The URL clients use when a proxy stands in front, without the MCP path. */
  readonly publicUrl?: string;
  readonly ready?: ReadyChecks;
  readonly events?: EventHub;
  readonly metrics?: Metrics;
  readonly openMetrics?: boolean;
  readonly maxBodyBytes?: number;
  readonly sessions?: Partial<SessionLimits>;
  readonly eventStreams?: { readonly total?: number; readonly perPrincipal?: number };
  readonly headersTimeoutMs?: number;
  /** Milliseconds a stop waits for running calls; what runs longer is aborted. */
  readonly drainMs?: number;
  /** Adds the server's own routes; they answer after the guard and, with `requirePrincipal`, to known callers. */
  readonly routes?: (app: Hono<AppEnv>, requirePrincipal: HttpApp["requirePrincipal"]) => void;
  /** Takes over connections that ask for another protocol, such as WebSocket; the caller is known by then. */
  readonly onUpgrade?: (upgrade: Upgrade) => void;
  /** Closes the server's own services. */
  readonly onClose?: () => Promise<void>;
  readonly log: Logger;
}

export interface HttpHandle {
  /** Of the MCP endpoint. */
  readonly url: string;
  readonly baseUrl: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly sessions: number;
  /** Stops within five seconds: running calls may finish first, streams end at once. Safe to call twice. */
  close(): Promise<void>;
}

const sessionDefaults: SessionLimits = { total: 1_000, perPrincipal: 100, idleMs: 30 * 60_000 };

/** Serves the catalogue over HTTP to clients of both eras. Rejects with CONFIG_ERROR on an unsafe or taken address. */
export function serveHttp<Services>(
  options: HttpServerOptions & SurfaceOptions<Services>,
): Promise<HttpHandle> {
  const metrics = options.metrics ?? createMetrics(options.catalogue.name);
  const surface = createSurface({ ...options, caller: measuredCaller(options.caller, metrics) });
  return serveBound(
    options.catalogue.name,
    (era, principalOf) => bindServer(surface, era, principalOf),
    (event, principal) => surface.mayHear(event, principal),
    { ...options, metrics },
    createCallLane(surface),
  );
}

/** The same for any protocol server, whoever built it. */
export async function serveBound(
  name: string,
  bind: BindServer,
  mayHear: (event: ServerEvent, principal: Principal) => boolean,
  options: HttpServerOptions,
  lane?: CallLane,
): Promise<HttpHandle> {
  assertSafeBind(options.host, options.auth !== undefined);
  const { log } = options;
  const mcpPath = options.mcpPath ?? "/mcp";
  const metrics = options.metrics ?? createMetrics(name);
  const events = options.events ?? createEventHub((err) => log.error("an event listener failed", { err }));
  const streamPlaces = createPlaces(
    options.eventStreams?.total ?? 1_000,
    options.eventStreams?.perPrincipal ?? 100,
  );
  const stopping = new AbortController();
  const inFlight = createInFlight();

  const sessions = createSessions({
    bind,
    events,
    limits: { ...sessionDefaults, ...options.sessions },
    onCount: (count) => metrics.sessions.set(count),
    log,
  });
  const listeners = createListeners({
    bind,
    events,
    mayHear,
    places: streamPlaces,
    log,
  });
  const modern = createMcpHandler(({ era }) => bind(era, carriedPrincipal).server, {
    legacy: "reject",
    onerror: (err) => log.debug("protocol error", { err }),
  });

  const mcp = async (call: McpRequest): Promise<Response> => {
    const answered = lane?.answer(call);
    if (answered !== undefined) {
      inFlight.track(call.outgoing);
      return answered;
    }
    if (await isLegacyRequest(call.request, call.body)) {
      if (call.request.method === "POST") inFlight.track(call.outgoing);
      return sessions.handle(call);
    }
    if (methodOf(call.body) === "subscriptions/listen") return listeners.handle(call);
    inFlight.track(call.outgoing);
    const authInfo = carryPrincipal(call.principal);
    const response = await modern.fetch(call.request, { authInfo, parsedBody: call.body });
    await lane?.learn(call, response);
    return response;
  };

  const subscribe = (principal: Principal, listener: (event: ServerEvent) => void) =>
    events.subscribe((event) => {
      if (mayHear(event, principal)) listener(event);
    });
  const { app, requirePrincipal } = createHttpApp({
    ...options,
    name,
    mcpPath,
    mcp,
    metrics,
    subscribe,
    maxBodyBytes: options.maxBodyBytes ?? 4 * 1024 * 1024,
    streamPlaces,
    stopping: stopping.signal,
  });
  options.routes?.(app, requirePrincipal);

  const listening = await listen({
    host: options.host,
    port: options.port,
    fetch: (request, env) => app.fetch(request, env),
    ...(options.headersTimeoutMs === undefined ? {} : { headersTimeoutMs: options.headersTimeoutMs }),
    ...(options.onUpgrade === undefined
      ? {}
      : {
          onUpgrade: upgradeHandler({
            ...options,
            onUpgrade: options.onUpgrade,
            subscribe,
            streamPlaces,
            metrics,
            stopping: stopping.signal,
          }),
        }),
  });
  const sweeper = setInterval(() => sessions.sweep(), 10_000);
  sweeper.unref();
  log.info("listening", { url: `${listening.url}${mcpPath}` });

  const stop = async () => {
    stopping.abort();
    clearInterval(sweeper);
    listening.stopAccepting();
    sessions.quiet();
    await listeners.close();
    const drained = await settledWithin(inFlight.idle(), options.drainMs ?? 2_500);
    if (!drained) log.warn("calls still running were aborted", { aborted: inFlight.count });
    lane?.close();
    await settledWithin(Promise.all([sessions.close(), modern.close()]), 500);
    await settledWithin(listening.destroy(), 500);
    await settledWithin(options.onClose?.() ?? Promise.resolve(), 1_000);
  };
  let stopped: Promise<void> | undefined;
  return {
    url: `${listening.url}${mcpPath}`,
    baseUrl: listening.url,
    port: listening.port,
    metrics,
    get sessions() {
      return sessions.count;
    },
    close() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function methodOf(body: unknown): unknown {
  return typeof body === "object" && body !== null ? (body as { method?: unknown }).method : undefined;
}
