import {
  createMcpHandler,
  InMemoryServerEventBus,
  type McpHttpHandler,
  type ServerEvent as SdkEvent,
} from "@modelcontextprotocol/server";
import type { Principal } from "../auth/principal.ts";
import { type McpRequest, refuseStream } from "../http/app.ts";
import type { EventHub, ServerEvent } from "../http/events.ts";
import type { Places } from "../http/places.ts";
import type { Logger } from "../log/logger.ts";
import type { BindServer } from "./bind.ts";
import { carriedPrincipal, carryPrincipal } from "./request-principal.ts";

export interface ListenersOptions {
  readonly bind: BindServer;
  readonly events: EventHub;
  readonly mayHear: (event: ServerEvent, principal: Principal) => boolean;
  readonly places: Places;
  readonly log: Logger;
}

/** The event streams of 2026-era HTTP clients (`subscriptions/listen`). */
export interface Listeners {
  readonly count: number;
  handle(request: McpRequest): Promise<Response>;
  /** Ends every stream the way the protocol wants. */
  close(): Promise<void>;
}

/** Each stream has a bus of its own, so that it carries what its principal may hear and nothing else. */
export function createListeners(options: ListenersOptions): Listeners {
  const open = new Set<McpHttpHandler>();

  return {
    get count() {
      return open.size;
    },
    async handle({ request, body, principal, outgoing }) {
      const leave = options.places.take(principal.id);
      if (leave === undefined) return refuseStream();
      const bus = new InMemoryServerEventBus();
      const handler = createMcpHandler(({ era }) => options.bind(era, carriedPrincipal).server, {
        legacy: "reject",
        bus,
        onerror: (err) => options.log.debug("listen error", { err }),
      });
      const unsubscribe = options.events.subscribe((event) => {
        const sdkEvent = toSdkEvent(event);
        if (sdkEvent !== undefined && options.mayHear(event, principal)) bus.publish(sdkEvent);
      });
      open.add(handler);
      outgoing.once("close", () => {
        leave();
        unsubscribe();
        open.delete(handler);
        void handler.close();
      });
      return handler.fetch(request, {
        authInfo: carryPrincipal(principal),
        parsedBody: narrowed(body, (uri) => options.mayHear({ kind: "resource_updated", uri }, principal)),
      });
    },
    async close() {
      await Promise.all([...open].map((handler) => handler.close()));
    },
  };
}

/** Drops the resources the caller may not read; the acknowledgement then names what remains. */
function narrowed(body: unknown, mayRead: (uri: string) => boolean): unknown {
  const message = body as { params?: { notifications?: { resourceSubscriptions?: unknown } } };
  const wanted = message.params?.notifications?.resourceSubscriptions;
  if (!Array.isArray(wanted)) return body;
  const resourceSubscriptions = wanted.filter((uri) => typeof uri !== "string" || mayRead(uri));
  return {
    ...message,
    params: { ...message.params, notifications: { ...message.params?.notifications, resourceSubscriptions } },
  };
}

function toSdkEvent(event: ServerEvent): SdkEvent | undefined {
  switch (event.kind) {
    case "tools_changed":
      return { kind: "tools_list_changed" };
    case "prompts_changed":
      return { kind: "prompts_list_changed" };
    case "resources_changed":
      return { kind: "resources_list_changed" };
    case "resource_updated":
      return { kind: "resource_updated", uri: event.uri };
    case "notice":
      return undefined;
  }
}
