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
  const local = createEventHub(onError);
  const instance = randomUUID();
  channel.listen((text) => {
    const message = parseMessage(text);
    if (message === undefined) onError(new Error("an event of another instance could not be read"));
    else if (message.from !== instance) local.publish(message.event);
  });
  return {
    subscribe: local.subscribe,
    publish(event) {
      local.publish(event);
      channel.publish(JSON.stringify({ from: instance, event })).catch(onError);
    },
  };
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
    const known = typeof from === "string" && typeof event === "object" && kinds.has(event?.kind);
    return known ? { from, event } : undefined;
  } catch {
    return undefined;
  }
}
