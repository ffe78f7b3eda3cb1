import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { expect, onTestFinished, test, vi } from "vitest";
import { createEventHub, type ServerEvent } from "../http/events.ts";
import { silentLog } from "../http/silent-log.ts";
import { startOwnRedis } from "../rate/testing/own-redis.ts";
import { connectV1, connectV2 } from "../testing/index.ts";
import { openSharedEvents } from "./open-shared-events.ts";

const entry = fileURLToPath(new URL("fixtures/instance.ts", import.meta.url));
const node = ["--import", import.meta.resolve("tsx"), "--conditions=@mcp-data/source", entry];

function redisUrl(): string {
  const url = process.env.TEST_REDIS_URL;
  if (url !== undefined) return url;
  throw new Error(
    "TEST_REDIS_URL is not set; run: node scripts/services.mjs run -- npx vitest run packages/core/src/start",
  );
}

/** A process that serves; its URL once it does. */
async function instance(name: string): Promise<string> {
  const child = spawn(process.execPath, [...node, name, redisUrl()], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("the instance ended before it served");
}

test("what happens in one process is told to the clients of the other, once, in both eras", {
  timeout: 60_000,
}, async () => {
  const name = `instances-${randomUUID()}`;
  const [one, two] = await Promise.all([instance(name), instance(name)]);
  const uri = "notes://1";
  await using teller = await connectV1({ url: one });
  await using old = await connectV1({ url: two });
  await using recent = await connectV2({ url: two });
  const heard: string[] = [];
  old.client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard.push("old tools"));
  old.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    heard.push(`old ${params.uri}`);
  });
  recent.client.setNotificationHandler(
    "notifications/tools/list_changed",
    () => void heard.push("recent tools"),
  );
  recent.client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
    heard.push(`recent ${params.uri}`);
  });
  await old.client.subscribeResource({ uri });
  await recent.client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] });
  const announce = (args: { uri?: string }) => teller.client.callTool({ name: "announce", arguments: args });
  // The old client's event stream opens by itself after the handshake.
  await vi.waitFor(
    async () => {
      await announce({});
      expect(heard).toEqual(expect.arrayContaining(["old tools", "recent tools"]));
    },
    { timeout: 20_000, interval: 50 },
  );
  await announce({ uri: "notes://2" });
  await announce({ uri });
  await vi.waitFor(() => expect(heard).toEqual(expect.arrayContaining([`old ${uri}`, `recent ${uri}`])), {
    timeout: 20_000,
  });
  expect(heard.filter((each) => each.endsWith(uri))).toHaveLength(2);
  expect(heard.join()).not.toContain("notes://2");
});

test("a Redis that goes and comes back: own listeners never miss, the others hear again", {
  timeout: 60_000,
}, async () => {
  const redis = await startOwnRedis();
  onTestFinished(() => redis.kill());
  const warnings: unknown[] = [];
  const open = async (): Promise<{ hub: ReturnType<typeof createEventHub>; heard: ServerEvent[] }> => {
    const hub = createEventHub();
    const heard: ServerEvent[] = [];
    const shared = await openSharedEvents(redis.url, {
      server: "t",
      events: hub,
      logger: { ...silentLog, warn: (text: unknown) => void warnings.push(text) },
    });
    onTestFinished(() => shared.close());
    hub.subscribe((event) => void heard.push(event));
    return { hub, heard };
  };
  const one = await open();
  const two = await open();
  one.hub.publish({ kind: "tools_changed" });
  await vi.waitFor(() => expect(two.heard).toHaveLength(1), { timeout: 10_000 });
  await redis.kill();
  for (let i = 0; i < 20; i += 1) one.hub.publish({ kind: "prompts_changed" });
  expect(one.heard).toHaveLength(21);
  await vi.waitFor(() => expect(warnings).toHaveLength(2), { timeout: 10_000 });
  await redis.start();
  await vi.waitFor(
    () => {
      one.hub.publish({ kind: "resources_changed" });
      expect(two.heard).toContainEqual({ kind: "resources_changed" });
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(two.heard).not.toContainEqual({ kind: "prompts_changed" });
  expect(warnings).toHaveLength(2);
});

test("a Redis that is not there yet does not keep a server from starting", { timeout: 30_000 }, async () => {
  const redis = await startOwnRedis();
  onTestFinished(() => redis.kill());
  await redis.kill();
  const hubs = [createEventHub(), createEventHub()] as const;
  for (const events of hubs) {
    const shared = await openSharedEvents(redis.url, { server: "t", events, logger: silentLog });
    onTestFinished(() => shared.close());
  }
  const heard: ServerEvent[] = [];
  hubs[1].subscribe((event) => void heard.push(event));
  await redis.start();
  await vi.waitFor(
    () => {
      hubs[0].publish({ kind: "tools_changed" });
      expect(heard).toContainEqual({ kind: "tools_changed" });
    },
    { timeout: 20_000, interval: 100 },
  );
});
