import type { ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.ts";
import { missingScopes } from "../auth/scopes.ts";
import { asToolError } from "../error/to-failure.ts";
import type { Logger } from "../log/logger.ts";
import { anonymousPrincipal, type HttpAuth } from "./authentication.ts";
import { readJsonBody } from "./body.ts";
import { metadataPath, resourceMetadata, wwwAuthenticate } from "./challenge.ts";
import { eventStream } from "./event-stream.ts";
import type { ServerEvent } from "./events.ts";
import { createGuard, type GuardOptions, preflightHeaders } from "./guard.ts";
import { type ReadyChecks, readiness } from "./health.ts";
import type { Metrics } from "./metrics.ts";
import type { Places } from "./places.ts";
import { refuse, refuseWith } from "./refusal.ts";
import { sendWhole } from "./send-whole.ts";

export interface McpRequest {
  readonly request: Request;
  /** The parsed body of a POST. */
  readonly body: unknown;
  readonly principal: Principal;
  readonly outgoing: ServerResponse;
}

export interface AppEnv {
  Bindings: HttpBindings;
  Variables: { principal: Principal };
}

export interface HttpAppOptions extends GuardOptions {
  readonly name: string;
  readonly mcpPath: string;
  readonly mcp: (request: McpRequest) => Promise<Response>;
  readonly auth?: HttpAuth | undefined;
  /** The URL clients use when a proxy stands in front, without the MCP path. */
  readonly publicUrl?: string | undefined;
  readonly ready?: ReadyChecks | undefined;
  readonly metrics: Metrics;
  /** Lets Prometheus scrape without a credential even though callers need one. */
  readonly openMetrics?: boolean | undefined;
  readonly subscribe: (principal: Principal, listener: (event: ServerEvent) => void) => () => void;
  readonly maxBodyBytes: number;
  /** Shared by all kinds of event stream. */
  readonly streamPlaces: Places;
  /** Aborts when the server stops: streams end, new calls are refused. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

export interface HttpApp {
  readonly app: Hono<AppEnv>;
  /** Middleware for routes of the server itself: 401 or 403, or `c.get("principal")` is set. */
  readonly requirePrincipal: (c: Context<AppEnv>, next: () => Promise<void>) => Promise<Response | undefined>;
}

export function createHttpApp(options: HttpAppOptions): HttpApp {
  const { auth, log, mcpPath, metrics, stopping } = options;
  const guard = createGuard(options);
  const app = new Hono<AppEnv>();
  const probes = new Set(["/health", "/ready"]);

  const baseUrl = (c: Context<AppEnv>) =>
    options.publicUrl?.replace(/\/$/, "") ?? `http://${c.req.header("host") ?? "localhost"}`;

  const challenge = (c: Context<AppEnv>, error?: "invalid_token" | "insufficient_scope") =>
    wwwAuthenticate({
      realm: options.name,
      ...(error === undefined ? {} : { error }),
      scopes: auth?.requiredScopes ?? [],
      metadataUrl: auth?.oauth ? `${baseUrl(c)}${metadataPath(mcpPath)}` : undefined,
    });

  const requirePrincipal: HttpApp["requirePrincipal"] = async (c, next) => {
    if (auth === undefined) {
      c.set("principal", anonymousPrincipal);
      await next();
      return;
    }
    let principal: Principal;
    try {
      principal = await auth.authenticate(c.req.raw.headers, c.env.incoming?.socket.remoteAddress);
    } catch (error) {
      return refuseCaller(c, error);
    }
    if (missingScopes(principal, auth.requiredScopes ?? []).length > 0) {
      return refuse("PERMISSION_DENIED", "The credential lacks a scope this server requires.", {
        headers: { "www-authenticate": challenge(c, "insufficient_scope") },
      });
    }
    c.set("principal", principal);
    await next();
  };

  const refuseCaller = (c: Context<AppEnv>, thrown: unknown): Response => {
    const error = asToolError(thrown);
    if (error.code === "INTERNAL_ERROR") log.error("authentication failed unexpectedly", { err: thrown });
    if (error.code !== "AUTH_REQUIRED") return refuseWith(error);
    const presented = c.req.header("authorization") !== undefined;
    return refuseWith(error, { "www-authenticate": challenge(c, presented ? "invalid_token" : undefined) });
  };

  app.use(async (c, next) => {
    const headers = c.req.raw.headers;
    const refused =
      guard.checkOrigin(headers) ?? (probes.has(c.req.path) ? undefined : guard.checkHost(headers));
    if (refused) return refused;
    for (const [name, value] of Object.entries(guard.cors(headers))) c.env.outgoing.setHeader(name, value);
    if (c.req.method === "OPTIONS") return new Response(null, { status: 204, headers: preflightHeaders });
    await next();
    return undefined;
  });

  app.get("/health", (c) => c.json({ status: "ok" }));

  app.get("/ready", async (c) => {
    if (stopping.aborted) return c.json({ status: "not_ready", checks: {} }, 503);
    const state = await readiness(options.ready ?? {}, 2_000, (check, err) => {
      log.warn("a dependency is not ready", { check, err });
    });
    // Names of dependencies are names of tenants' sources: not for those who have not said who they are.
    const shown = auth === undefined ? state : { status: state.status };
    return c.json(shown, state.status === "ready" ? 200 : 503);
  });

  if (!options.openMetrics) app.use("/metrics", requirePrincipal);
  app.get("/metrics", async () => {
    return new Response(await metrics.render(), { headers: { "content-type": metrics.contentType } });
  });

  app.get("/events", requirePrincipal, (c) => {
    if (stopping.aborted) return refuseStopping();
    const principal = c.get("principal");
    const leave = options.streamPlaces.take(principal.id);
    if (leave === undefined) return refuseStream();
    metrics.streams.inc();
    const gone = new AbortController();
    c.env.outgoing.once("close", () => {
      leave();
      metrics.streams.dec();
      gone.abort();
    });
    return eventStream({
      subscribe: (listener) => options.subscribe(principal, listener),
      signal: AbortSignal.any([gone.signal, stopping]),
    });
  });

  if (auth?.oauth) {
    const { oauth } = auth;
    const metadata = (c: Context<AppEnv>) =>
      c.json(resourceMetadata(options.name, `${baseUrl(c)}${mcpPath}`, oauth), 200, {
        "cache-control": "max-age=300",
      });
    app.get(metadataPath(mcpPath), metadata);
    if (mcpPath !== "/") app.get(metadataPath("/"), metadata);
  }

  app.all(mcpPath, requirePrincipal, async (c) => {
    if (stopping.aborted) return refuseStopping();
    const request = c.req.raw;
    let body: unknown;
    if (request.method === "POST") {
      const read = await readJsonBody(request.headers, c.env.incoming, options.maxBodyBytes);
      if (!read.ok) return read.refusal;
      body = read.value;
    }
    const { outgoing } = c.env;
    return sendWhole(await options.mcp({ request, body, principal: c.get("principal"), outgoing }), outgoing);
  });

  app.notFound(() =>
    refuse("NOT_FOUND", "There is nothing at this path.", { hint: `The MCP endpoint is ${mcpPath}.` }),
  );
  app.onError((error) => {
    log.error("a request failed", { err: error });
    return refuse("INTERNAL_ERROR", "The server failed while handling this request.");
  });
  return { app, requirePrincipal };
}

function refuseStopping(): Response {
  return refuse("UNAVAILABLE", "The server is stopping.", {
    headers: { connection: "close", "retry-after": "5" },
  });
}

/** For one event stream too many. */
export function refuseStream(): Response {
  return refuse("UNAVAILABLE", "Too many event streams are open.", { headers: { "retry-after": "10" } });
}
