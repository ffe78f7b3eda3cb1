import {
  type CacheHint,
  Server,
  type ServerCapabilities,
  type ServerOptions,
} from "@modelcontextprotocol/server";
import type { ServerEvent } from "../http/events.ts";
import type { BoundServer, Era, PrincipalOf } from "./bind.ts";
import { serveCompletion } from "./completion.ts";
import { servePrompts } from "./prompts.ts";
import { serveResources } from "./resources.ts";
import type { Surface } from "./surface.ts";
import { serveTools } from "./tools.ts";

/** The lists change only with the configuration and the caller's scopes, and a change is announced. */
const lists: CacheHint = { ttlMs: 300_000, cacheScope: "private" };

const cacheHints: NonNullable<ServerOptions["cacheHints"]> = {
  "server/discover": { ttlMs: 300_000, cacheScope: "public" },
  "tools/list": lists,
  "prompts/list": lists,
  "resources/templates/list": lists,
  "resources/list": { ttlMs: 30_000, cacheScope: "private" },
};

/** Cheap: schemas, templates and options are prepared in the surface. */
export function bindServer<Services>(
  surface: Surface<Services>,
  era: Era,
  principalOf: PrincipalOf,
): BoundServer {
  const { catalogue } = surface;
  const server = new Server(
    { name: catalogue.name, title: catalogue.title, version: catalogue.version },
    { capabilities: capabilitiesOf(surface), instructions: catalogue.instructions, cacheHints },
  );
  const subscribed = new Set<string>();
  serveTools(server, surface, principalOf);
  if (surface.resources.length > 0) serveResources(server, surface, principalOf, subscribed);
  if (surface.prompts.length > 0) servePrompts(server, surface, principalOf);
  if (surface.completes) serveCompletion(server, surface, principalOf);
  server.onerror = (error) => surface.log.debug("protocol error", { err: error });

  return {
    server,
    tell(event, principal) {
      if (!surface.mayHear(event, principal)) return;
      if (event.kind === "resource_updated" && era === "legacy" && !subscribed.has(event.uri)) return;
      const notification = toNotification(event, surface);
      if (notification !== undefined) server.notification(notification).catch(() => undefined);
    },
  };
}

function capabilitiesOf<Services>(surface: Surface<Services>): ServerCapabilities {
  return {
    tools: { listChanged: true },
    ...(surface.resources.length > 0 ? { resources: { listChanged: true, subscribe: true } } : {}),
    ...(surface.prompts.length > 0 ? { prompts: { listChanged: true } } : {}),
    ...(surface.completes ? { completions: {} } : {}),
  };
}

/** Undefined for what this server does not announce over MCP. */
function toNotification<Services>(event: ServerEvent, surface: Surface<Services>) {
  switch (event.kind) {
    case "tools_changed":
      return { method: "notifications/tools/list_changed" };
    case "prompts_changed":
      return surface.prompts.length > 0 ? { method: "notifications/prompts/list_changed" } : undefined;
    case "resources_changed":
      return surface.resources.length > 0 ? { method: "notifications/resources/list_changed" } : undefined;
    case "resource_updated":
      return { method: "notifications/resources/updated", params: { uri: event.uri } };
    case "notice":
      return undefined;
  }
}
