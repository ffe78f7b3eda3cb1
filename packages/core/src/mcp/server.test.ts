import { expect, test } from "vitest";
import { localPrincipal, type Principal } from "../auth/principal.ts";
import { createReader } from "../call/run-read.ts";
import { ToolError } from "../error/tool-error.ts";
import { createEventHub } from "../http/events.ts";
import { silentLog } from "../http/silent-log.ts";
import type { Logger } from "../log/logger.ts";
import type { AdmissionGate } from "../rate/gate.ts";
import { defineResource } from "../resource/define-resource.ts";
import { connectV1, connectV2 } from "../testing/connect.ts";
import { createShop, createShopCaller, type Shop, shopCatalogue } from "./fixtures/catalogue.ts";
import { until } from "./fixtures/http.ts";
import type { SurfaceOptions } from "./surface.ts";

function surface(options: Partial<SurfaceOptions<Shop>> = {}): SurfaceOptions<Shop> {
  const shop = createShop();
  return {
    catalogue: shopCatalogue,
    caller: createShopCaller(shop),
    services: shop,
    log: silentLog,
    ...options,
  };
}

const guest: Principal = { id: "guest", scopes: [], method: "anonymous" };

/** Both lines of client, and both eras of the newer one. */
async function everyClient(target: Parameters<typeof connectV1>[0]) {
  const connections = [
    await connectV1(target),
    await connectV2(target, "legacy"),
    await connectV2(target),
  ] as const;
  return {
    clients: connections.map(({ client }) => client) as Awaited<ReturnType<typeof connectV2>>["client"][],
    async [Symbol.asyncDispose]() {
      for (const connection of connections) await connection[Symbol.asyncDispose]();
    },
  };
}

test("says who it is and how its tools work together", async () => {
  await using every = await everyClient({ surface: surface() });
  for (const client of every.clients) {
    expect(client.getServerVersion()).toMatchObject({ name: "shop", title: "Shop", version: "1.2.3" });
    expect(client.getInstructions()).toBe(shopCatalogue.instructions);
    expect(client.getServerCapabilities()).toMatchObject({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      prompts: { listChanged: true },
      completions: {},
    });
  }
});

test("offers no resources, prompts or completion when the catalogue has none", async () => {
  const { resources: _, prompts: __, ...bare } = shopCatalogue;
  await using connection = await connectV1({ surface: surface({ catalogue: bare }) });
  expect(connection.client.getServerCapabilities()).toEqual({ tools: { listChanged: true } });
});

test("gives the model the same JSON in both parts of a success, and a failure as text alone", async () => {
  await using every = await everyClient({ surface: surface() });
  for (const client of every.clients) {
    await client.listTools();
    const good = await client.callTool({ name: "get_price", arguments: { item: "apple" } });
    const [block] = good.content as { type: string; text: string }[];
    expect(JSON.parse(block?.text ?? "")).toEqual(good.structuredContent);
    expect(block?.text).not.toContain("\n");

    const bad = await client.callTool({ name: "get_price", arguments: { item: "gold" } });
    expect(bad.isError).toBe(true);
    expect(bad.structuredContent).toBeUndefined();
    const [text] = bad.content as { text: string }[];
    expect(JSON.parse(text?.text ?? "")).toMatchObject({ error: { code: "NOT_FOUND" } });

    const wrong = await client.callTool({ name: "get_price", arguments: { itme: "apple" } });
    expect(JSON.stringify(wrong.content)).toContain("VALIDATION_ERROR");
    const none = await client.callTool({ name: "get_price" });
    expect(JSON.stringify(none.content)).toContain("VALIDATION_ERROR");
    await expect(client.callTool({ name: "nothing" })).rejects.toMatchObject({ code: -32602 });
  }
});

test("lists, reads and completes resources", async () => {
  await using every = await everyClient({ surface: surface() });
  for (const client of every.clients) {
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      "shop://items/apple",
      "shop://items/bread",
      "shop://items/cheese",
      "shop://about",
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(["shop://items/{name}"]);
    const { contents } = await client.readResource({ uri: "shop://items/bread" });
    expect(contents).toEqual([
      { uri: "shop://items/bread", mimeType: "application/json", text: '{"name":"bread","price":5}' },
    ]);
    const completed = await client.complete({
      ref: { type: "ref/resource", uri: "shop://items/{name}" },
      argument: { name: "name", value: "ch" },
    });
    expect(completed.completion).toMatchObject({ values: ["cheese"], total: 1, hasMore: false });
    for (const uri of ["shop://items/gold", "shop://nowhere", "file:///etc/passwd"]) {
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
    }
  }
});

test("pages a long list of resources without losing or repeating one", async () => {
  const many = defineResource<Shop>({
    ...(shopCatalogue.resources?.[0] as NonNullable<typeof shopCatalogue.resources>[number]),
    list: async () =>
      Array.from({ length: 1_203 }, (_, n) => ({ uri: `shop://items/${n}`, name: String(n) })),
  });
  const about = shopCatalogue.resources?.[1] as NonNullable<typeof shopCatalogue.resources>[number];
  const catalogue = {
    ...shopCatalogue,
    resources: [many, about, { ...many, uriTemplate: "shop://more/{name}" }],
  };
  await using connection = await connectV1({ surface: surface({ catalogue }) });
  const seen: string[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await connection.client.listResources({ cursor });
    sizes.push(page.resources.length);
    seen.push(...page.resources.map(({ uri }) => uri));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(1_203 * 2 + 1);
  expect(Math.max(...sizes)).toBe(500);
  await expect(connection.client.listResources({ cursor: "made up" })).rejects.toMatchObject({
    code: -32602,
  });
});

test("renders and completes prompts, and says which argument is wrong", async () => {
  await using every = await everyClient({ surface: surface() });
  for (const client of every.clients) {
    const { prompts } = await client.listPrompts();
    expect(prompts).toMatchObject([
      { name: "compare", arguments: [{ required: true }, { required: false }] },
    ]);
    const rendered = await client.getPrompt({ name: "compare", arguments: { first: "apple" } });
    expect(JSON.stringify(rendered.messages)).toContain("Compare apple with anything like it.");
    const completed = await client.complete({
      ref: { type: "ref/prompt", name: "compare" },
      argument: { name: "first", value: "" },
      context: { arguments: { second: "bread" } },
    });
    expect(completed.completion.values).toEqual(["apple", "cheese"]);
    const silent = await client.complete({
      ref: { type: "ref/prompt", name: "compare" },
      argument: { name: "second", value: "" },
    });
    expect(silent.completion.values).toEqual([]);
    const get = (name: string, args: Record<string, string>) => client.getPrompt({ name, arguments: args });
    await expect(get("compare", {})).rejects.toThrow(/Missing argument: first/);
    await expect(get("compare", { first: "a", frist: "b" })).rejects.toThrow(/Unknown argument: frist/);
    await expect(get("contrast", {})).rejects.toThrow(/Unknown prompt/);
  }
});

test("hides resources and prompts a caller's scopes do not allow", async () => {
  await using every = await everyClient({ surface: surface(), principal: guest });
  for (const client of every.clients) {
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(["shop://about"]);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
    expect((await client.listPrompts()).prompts).toEqual([]);
    const hidden = [
      client.readResource({ uri: "shop://items/apple" }),
      client.getPrompt({ name: "compare", arguments: { first: "apple" } }),
      client.complete({
        ref: { type: "ref/resource", uri: "shop://items/{name}" },
        argument: { name: "name", value: "" },
      }),
    ];
    for (const answer of hidden) await expect(answer).rejects.toMatchObject({ code: -32602 });
  }
});

test("leaks nothing of an unexpected exception, and logs it under the id the caller got", async () => {
  const logged: Readonly<Record<string, unknown>>[] = [];
  const log: Logger = { ...silentLog, error: (_message, fields) => void logged.push(fields ?? {}) };
  await using connection = await connectV1({ surface: surface({ log }) });
  const failure = await connection.client
    .readResource({ uri: "shop://items/broken" })
    .catch((error) => error);
  expect(failure).toMatchObject({ code: -32603, data: { code: "INTERNAL_ERROR" } });
  expect(JSON.stringify([failure.message, failure.data])).not.toContain("db.internal");
  expect(logged).toMatchObject([{ request_id: failure.data.request_id, method: "resources/read" }]);
  expect(String(logged[0]?.err)).toContain("db.internal");
});

test("counts a read like a call, and gives the slot back whatever happens", async () => {
  let running = 0;
  let admitted = 0;
  const gate: AdmissionGate = {
    async admit() {
      if (admitted >= 2) throw new ToolError("RATE_LIMITED", "Slow down.", { retryAfterMs: 1_500 });
      admitted += 1;
      running += 1;
      return {
        release: async () => {
          running -= 1;
        },
      };
    },
  };
  const reader = createReader({ server: "shop", audit: { record: async () => undefined }, admission: gate });
  await using connection = await connectV2({ surface: surface({ reader }) });
  const { client } = connection;
  await client.readResource({ uri: "shop://about" });
  await client.readResource({ uri: "shop://items/broken" }).catch(() => undefined);
  expect(running).toBe(0);
  await expect(client.getPrompt({ name: "compare", arguments: { first: "apple" } })).rejects.toMatchObject({
    data: { code: "RATE_LIMITED", retry_after_ms: 1_500 },
  });
});

test("tells a 2025 client of what it subscribed to and no longer after it unsubscribed", async () => {
  const events = createEventHub();
  await using connection = await connectV2({ surface: surface(), events }, "legacy");
  const { client } = connection;
  const heard: string[] = [];
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void heard.push(params.uri),
  );
  client.setNotificationHandler("notifications/prompts/list_changed", () => void heard.push("prompts"));
  client.setNotificationHandler("notifications/resources/list_changed", () => void heard.push("resources"));
  await client.subscribeResource({ uri: "shop://items/apple" });
  await expect(client.subscribeResource({ uri: "shop://nowhere" })).rejects.toMatchObject({ code: -32602 });
  const update = (name: string) => events.publish({ kind: "resource_updated", uri: `shop://items/${name}` });
  update("bread");
  update("apple");
  events.publish({ kind: "prompts_changed" });
  events.publish({ kind: "resources_changed" });
  await until(() => heard.length === 3, "three notifications");
  await client.unsubscribeResource({ uri: "shop://items/apple" });
  update("apple");
  await client.ping();
  expect(heard).toEqual(["shop://items/apple", "prompts", "resources"]);
});

test("tells a 2026 client on its stream alone", async () => {
  const events = createEventHub();
  await using connection = await connectV2({ surface: surface(), events, principal: localPrincipal });
  const heard: string[] = [];
  const { client } = connection;
  client.setNotificationHandler("notifications/tools/list_changed", () => void heard.push("tools"));
  client.setNotificationHandler(
    "notifications/resources/updated",
    ({ params }) => void heard.push(params.uri),
  );
  events.publish({ kind: "tools_changed" });
  const stream = await client.listen({ toolsListChanged: true, resourceSubscriptions: ["shop://about"] });
  events.publish({ kind: "tools_changed" });
  events.publish({ kind: "resource_updated", uri: "shop://items/apple" });
  events.publish({ kind: "resource_updated", uri: "shop://about" });
  await until(() => heard.length === 2, "two notifications");
  expect(heard).toEqual(["tools", "shop://about"]);
  await stream.close();
  events.publish({ kind: "tools_changed" });
  await client.listTools();
  expect(heard).toHaveLength(2);
});

test("tells 2026 clients how long a list keeps", async () => {
  await using connection = await connectV2({ surface: surface() });
  const listed = (await connection.client.listTools()) as { ttlMs?: number; cacheScope?: string };
  expect(listed).toMatchObject({ ttlMs: 300_000, cacheScope: "private" });
});
