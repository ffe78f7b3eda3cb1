import { randomUUID } from "node:crypto";
import { createEventHub, type EventHub, type ServerEvent } from "./events.ts";

/** What carries texts between the instances of a server; a text comes back to its own sender too. */
export interface EventChannel {
  publish(text: string): Promise<unknown>;
  /** Called for every text from now on. */
  listen(listener: (text: string) => void): void;
}

const kinds: ReadonlySet<string> = new Set([
  "tools_changed",
  "prompts_changed",
  "resources_changed",
  "resource_updated",
  "notice",
] satisfies ServerEvent["kind"][]);

/** A hub whose events also reach the other instances. Listeners here hear at once, whatever the channel does. */
export function shareEvents(channel: EventChannel, onError: (error: unknown) => void): EventHub {
  const hub = createEventHub(onError);
  relayEvents(hub, channel, onError);
  return hub;
}

/** Carries what is published on a hub to the other instances, and theirs to it. Returns the way to stop. */
export function relayEvents(
  hub: EventHub,
  channel: EventChannel,
  onError: (error: unknown) => void,
): () => void {
  const instance = randomUUID();
  const received = new WeakSet<ServerEvent>();
  channel.listen((text) => {
    const message = parseMessage(text);
    if (message === undefined) {
      onError(new Error("an event of another instance could not be read"));
    } else if (message.from !== instance) {
      received.add(message.event);
      hub.publish(message.event);
    }
  });
  return hub.subscribe((event) => {
    if (received.has(event)) return;
    channel.publish(JSON.stringify({ from: instance, event })).catch(onError);
  });
}

/** The part of ioredis this needs; a connection that listens can do nothing else, hence two. */
export interface RedisPublisher {
  publish(channel: string, message: string): Promise<unknown>;
}
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>;
  on(event: "message", listener: (channel: string, message: string) => void): unknown;
}

/** Resolves once the subscription stands. The connections stay the caller's to close. */
export async function redisEventChannel(
  publisher: RedisPublisher,
  subscriber: RedisSubscriber,
  name: string,
): Promise<EventChannel> {
  await subscriber.subscribe(name);
  return {
    publish: (text) => publisher.publish(name, text),
    listen(listener) {
      subscriber.on("message", (channel, text) => {
        if (channel === name) listener(text);
      });
    },
  };
}

function parseMessage(text: string): { from: string; event: ServerEvent } | undefined {
  try {
    const { from, event } = JSON.parse(text);
    const known =
      typeof from === "string" &&
      typeof event === "object" &&
      kinds.has(event?.kind) &&
      (event.kind !== "resource_updated" || typeof event.uri === "string");
    return known ? { from, event } : undefined;
  } catch {
    return undefined;
  }
}
