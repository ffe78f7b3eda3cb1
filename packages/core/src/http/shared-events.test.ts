import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import type { EventHub, ServerEvent } from "./events.ts";
import { redisEventChannel, shareEvents } from "./shared-events.ts";

function redisUrl(): string {
  const url = process.env.TEST_REDIS_URL;
  if (url === undefined) {
    throw new Error(
      "TEST_REDIS_URL is not set; run: node scripts/services.mjs run -- npx vitest run packages/core/src/http",
    );
  }
  return url;
}

async function instance(channel: string) {
  const publisher = new Redis(redisUrl());
  const subscriber = new Redis(redisUrl());
  onTestFinished(() => {
    publisher.disconnect();
    subscriber.disconnect();
  });
  const errors: unknown[] = [];
  const hub = shareEvents(await redisEventChannel(publisher, subscriber, channel), (error) => {
    errors.push(error);
  });
  return { hub, publisher, errors, heard: listen(hub) };
}

function listen(hub: EventHub): ServerEvent[] {
  const heard: ServerEvent[] = [];
  hub.subscribe((event) => void heard.push(event));
  return heard;
}

test("what one instance announces every instance hears once, audience and all", async () => {
  const channel = `events-${randomUUID()}`;
  const one = await instance(channel);
  const two = await instance(channel);
  const stranger = await instance(`events-${randomUUID()}`);
  const update: ServerEvent = { kind: "resource_updated", uri: "a://b", audience: { tenant: "t" } };
  one.hub.publish(update);
  expect(one.heard).toEqual([update]);
  await expect.poll(() => two.heard).toEqual([update]);
  two.hub.publish({ kind: "tools_changed" });
  await expect.poll(() => one.heard).toEqual([update, { kind: "tools_changed" }]);
  expect(two.heard).toHaveLength(2);
  expect(stranger.heard).toEqual([]);
});

test("a text nobody can read is told to the log and harms nothing", async () => {
  const channel = `events-${randomUUID()}`;
  const one = await instance(channel);
  for (const text of [
    "{",
    "null",
    "{}",
    '{"from":"x","event":{"kind":"format_disk"}}',
    '{"from":1,"event":{}}',
    '{"from":"x","event":{"kind":"resource_updated","uri":{}}}',
  ]) {
    await one.publisher.publish(channel, text);
  }
  await expect.poll(() => one.errors).toHaveLength(6);
  expect(one.heard).toEqual([]);
});

test("listeners of the same instance hear while Redis is away", async () => {
  const errors: unknown[] = [];
  const away = { publish: () => Promise.reject(new Error("connection lost")), listen: () => undefined };
  const hub = shareEvents(away, (error) => void errors.push(error));
  const heard = listen(hub);
  hub.publish({ kind: "tools_changed" });
  await expect.poll(() => errors).toHaveLength(1);
  expect(heard).toEqual([{ kind: "tools_changed" }]);
});
