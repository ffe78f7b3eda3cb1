import type { EventHub } from "../http/events.ts";
import { relayEvents } from "../http/shared-events.ts";
import type { Logger } from "../log/logger.ts";
import { openRedis } from "../rate/redis-client.ts";

export interface OpenSharedEvents {
  close(): void;
}

/** Lets the instances that share a Redis hear of each other's events. While Redis is away each tells its own only. */
export async function openSharedEvents(
  url: string,
  options: { readonly server: string; readonly events: EventHub; readonly logger: Logger },
): Promise<OpenSharedEvents> {
  const name = `mcp-data:${options.server}:events`;
  let away = false;
  const failed = (err: unknown) => {
    if (away) return;
    away = true;
    options.logger.warn("events do not reach the other instances", { err });
  };
  const subscribed = async () => {
    await subscriber.subscribe(name);
    if (away) options.logger.info("events reach the other instances again");
    away = false;
  };
  const publisher = await openRedis(url, { onError: failed });
  // A connection that listens can do nothing else.
  const subscriber = await openRedis(url, { onError: failed });
  subscriber.on("ready", () => void subscribed().catch(failed));
  if (subscriber.status === "ready") await subscribed().catch(failed);
  const stop = relayEvents(
    options.events,
    {
      publish: (text) => publisher.publish(name, text),
      listen(listener) {
        subscriber.on("message", (channel: string, text: string) => {
          if (channel === name) listener(text);
        });
      },
    },
    failed,
  );
  return {
    close() {
      stop();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
