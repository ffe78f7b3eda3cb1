import { expect, test } from "vitest";
import { connectV1, connectV2 } from "../testing/connect.ts";
import {
  as,
  initialize,
  modernRequest,
  namedAuth,
  openSession,
  openShop,
  post,
  until,
} from "./fixtures/http.ts";

const call = (id: number, name: string, args: object) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

test("serves clients of both eras from one catalogue", async () => {
  await using server = await openShop();
  await using old = await connectV1(server);
  await using new_ = await connectV2(server);
  expect(new_.client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
  for (const client of [old.client, new_.client]) {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["get_price", "wait", "set_price", "fail"]);
    const result = await client.callTool({ name: "get_price", arguments: { item: "apple" } });
    expect(result.structuredContent).toMatchObject({ success: true, data: { price: 3 } });
  }
});

test.each(["legacy", { pin: "2026-07-28" }] as const)(
  "reports progress only to who asked: %s",
  async (mode) => {
    await using server = await openShop();
    await using connection = await connectV2(server, mode);
    const heard: number[] = [];
    await connection.client.callTool(
      { name: "wait", arguments: { id: "a", ms: 250, steps: 50 } },
      { onprogress: ({ progress }) => void heard.push(progress) },
    );
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.length).toBeLessThan(10);
    expect(heard.at(-1)).toBe(50);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));

    const response = await modernRequest(server.url, "tools/call", {
      name: "wait",
      arguments: { id: "b", ms: 20, steps: 2 },
    });
    expect(response.headers.get("content-type")).toContain("application/json");
  },
);

test.each(["legacy", { pin: "2026-07-28" }] as const)(
  "aborts a call its client cancels: %s",
  async (mode) => {
    await using server = await openShop();
    await using connection = await connectV2(server, mode);
    const stop = new AbortController();
    const answer = connection.client.callTool(
      { name: "wait", arguments: { id: "c", ms: 30_000 } },
      { signal: stop.signal },
    );
    await until(() => server.shop.waiting.has("c"), "the call runs");
    stop.abort();
    await expect(answer).rejects.toThrow();
    await until(() => server.shop.aborted.includes("c"), "the call is aborted");
  },
);

test("aborts a call of either era whose client disconnects", async () => {
  await using server = await openShop();
  const session = await openSession(server.url);
  const gone = new AbortController();
  const args = { id: "old", ms: 30_000 };
  const old = fetch(server.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-session-id": session,
    },
    body: JSON.stringify(call(7, "wait", args)),
    signal: gone.signal,
  }).then((response) => response.text());
  const modern = modernRequest(
    server.url,
    "tools/call",
    { name: "wait", arguments: { id: "new", ms: 30_000 } },
    { signal: gone.signal },
  );
  await until(() => server.shop.waiting.size === 2, "both calls run");
  gone.abort();
  await Promise.allSettled([old, modern]);
  await until(() => server.shop.waiting.size === 0, "both calls are aborted");
  expect([...server.shop.aborted].sort()).toEqual(["new", "old"]);
});

test("ends the stream of a cancelled request, which is never answered", async () => {
  await using server = await openShop();
  const headers = { "mcp-session-id": await openSession(server.url) };
  const running = await post(server.url, call(5, "wait", { id: "s", ms: 30_000 }), headers);
  const cancelled = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 5 } };
  expect((await post(server.url, cancelled, headers)).status).toBe(202);
  expect(await running.text()).not.toContain('"id":5');
  const again = await post(server.url, call(5, "get_price", { item: "bread" }), headers);
  expect(await again.text()).toContain('\\"price\\":5');
});

test("keeps a session for its principal: to others it does not exist", async () => {
  await using server = await openShop({ auth: namedAuth });
  const session = await openSession(server.url, as("ann"));
  const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
  const own = await post(server.url, ping, { ...as("ann"), "mcp-session-id": session });
  expect(own.status).toBe(200);
  const stranger = await post(server.url, ping, { ...as("bob"), "mcp-session-id": session });
  const unknown = await post(server.url, ping, { ...as("bob"), "mcp-session-id": crypto.randomUUID() });
  expect(stranger.status).toBe(404);
  expect(await stranger.json()).toEqual(await unknown.json());
  const stream = await fetch(server.url, {
    headers: { ...as("bob"), accept: "text/event-stream", "mcp-session-id": session },
  });
  expect(stream.status).toBe(404);
  const ended = await fetch(server.url, {
    method: "DELETE",
    headers: { ...as("bob"), "mcp-session-id": session },
  });
  expect(ended.status).toBe(404);
  expect(server.sessions).toBe(1);
  await fetch(server.url, { method: "DELETE", headers: { ...as("ann"), "mcp-session-id": session } });
  expect(server.sessions).toBe(0);
  expect((await post(server.url, ping, { ...as("ann"), "mcp-session-id": session })).status).toBe(404);
});

test("shows each caller the tools of its scopes, and hides the rest like tools that do not exist", async () => {
  await using server = await openShop({ auth: namedAuth });
  await using bob = await connectV2({ url: server.url, headers: as("bob") });
  await using ann = await connectV1({ url: server.url, headers: as("ann") });
  const names = async (client: { listTools(): Promise<{ tools: { name: string }[] }> }) =>
    (await client.listTools()).tools.map(({ name }) => name);
  expect(await names(bob.client)).toEqual(["get_price", "wait", "fail"]);
  expect(await names(ann.client)).toContain("set_price");
  const args = { arguments: { item: "apple", price: 1 } };
  await expect(bob.client.callTool({ name: "set_price", ...args })).rejects.toMatchObject({ code: -32602 });
  await expect(bob.client.callTool({ name: "no_such_tool", ...args })).rejects.toMatchObject({
    code: -32602,
  });
  expect(server.shop.prices.get("apple")).toBe(3);
});

test("makes room among a caller's own idle sessions and never among others'", async () => {
  await using server = await openShop({ auth: namedAuth, sessions: { total: 3, perPrincipal: 2 } });
  const first = await openSession(server.url, as("ann"));
  const second = await openSession(server.url, as("ann"));
  const third = await openSession(server.url, as("ann"));
  const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
  const status = async (id: string) =>
    (await post(server.url, ping, { ...as("ann"), "mcp-session-id": id })).status;
  expect([await status(first), await status(second), await status(third)]).toEqual([404, 200, 200]);

  await openSession(server.url, as("bob"));
  const refused = await post(server.url, initialize, as("eve"));
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).not.toBeNull();
  expect(server.sessions).toBe(3);
});

test.each([
  ["Host", { host: "evil.example" }],
  ["Origin", { origin: "https://evil.example" }],
  ["opaque Origin", { origin: "null" }],
])("refuses a foreign %s on every route", async (_, headers) => {
  await using server = await openShop();
  const { request } = await import("node:http");
  const status = (path: string, method = "GET") =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request({ port: server.port, path, method, headers }, (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  expect(await status("/mcp", "POST")).toBe(403);
  expect(await status("/events")).toBe(403);
  expect(await status("/metrics")).toBe(403);
});

test("lets a page of the same machine call, naming its origin and no other", async () => {
  await using server = await openShop();
  const origin = "http://localhost:5173";
  const preflight = await fetch(server.url, { method: "OPTIONS", headers: { origin } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
  const plain = await fetch(`${server.baseUrl}/health`);
  expect(plain.headers.get("access-control-allow-origin")).toBeNull();
});

test("refuses what it would not parse: too large, of another type, garbage, arrays of garbage", async () => {
  await using server = await openShop({ maxBodyBytes: 10_000 });
  const large = await post(server.url, call(1, "get_price", { item: "x".repeat(20_000) }));
  expect(large.status).toBe(413);
  const form = await fetch(server.url, { method: "POST", body: new URLSearchParams({ a: "b" }) });
  expect(form.status).toBe(415);
  const garbage = await post(server.url, "{nope");
  expect(garbage.status).toBe(400);
  expect(await garbage.json()).toMatchObject({ error: { code: -32700 } });
  const session = { "mcp-session-id": await openSession(server.url) };
  expect((await post(server.url, "[{}, 3]", session)).status).toBe(400);
  expect((await post(server.url, "[]", session)).status).toBeGreaterThanOrEqual(200);
  const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const both = await post(server.url, [list, { ...list, id: 2, method: "ping" }], session);
  expect((await both.text()).match(/"id":[12]/g)?.sort()).toEqual(['"id":1', '"id":2']);
  const truncatedUtf8 = await fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: Buffer.from([0x22, 0xff, 0x22]),
  });
  expect(truncatedUtf8.status).toBe(400);
});

test("stops reading a body without a length at the limit", async () => {
  await using server = await openShop({ maxBodyBytes: 50_000 });
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 10_000;
      controller.enqueue(new Uint8Array(10_000).fill(32));
      if (sent > 20_000_000) controller.close();
    },
  });
  const status = await fetch(server.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    duplex: "half",
  } as RequestInit).then(
    (response) => response.status,
    () => "cut off",
  );
  expect([413, "cut off"]).toContain(status);
  expect(sent).toBeLessThan(20_000_000);
});

test("announces changes to clients of both eras", async () => {
  await using server = await openShop();
  await using old = await connectV1(server);
  await using new_ = await connectV2(server);
  const heard: string[] = [];
  const { ToolListChangedNotificationSchema, ResourceUpdatedNotificationSchema } = await import(
    "@modelcontextprotocol/sdk/types.js"
  );
  old.client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard.push("old tools"));
  old.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    heard.push(`old ${params.uri}`);
  });
  new_.client.setNotificationHandler("notifications/tools/list_changed", () => void heard.push("new tools"));
  new_.client.setNotificationHandler("notifications/resources/updated", ({ params }) => {
    heard.push(`new ${params.uri}`);
  });
  await old.client.subscribeResource({ uri: "shop://items/apple" });
  await new_.client.listen({ toolsListChanged: true, resourceSubscriptions: ["shop://items/apple"] });
  // The old client's event stream opens by itself after the handshake.
  await until(async () => {
    server.events.publish({ kind: "tools_changed" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    return heard.includes("old tools") && heard.includes("new tools");
  }, "both heard of the tools");
  server.events.publish({ kind: "resource_updated", uri: "shop://items/bread" });
  server.events.publish({ kind: "resource_updated", uri: "shop://items/apple" });
  await until(
    () => heard.includes("old shop://items/apple") && heard.includes("new shop://items/apple"),
    "both heard of the apple",
  );
  expect(heard.join()).not.toContain("bread");
});

test("tells a listener only what its principal may read, in either era and on /events", async () => {
  await using server = await openShop({ auth: namedAuth });
  const heard = new Map<string, string[]>();
  const follow = async (name: string, path: string, open: (signal: AbortSignal) => Promise<Response>) => {
    const stop = new AbortController();
    const response = await open(stop.signal);
    expect(response.status).toBe(200);
    const lines: string[] = [];
    heard.set(`${name} ${path}`, lines);
    void (async () => {
      for await (const chunk of response.body ?? []) lines.push(Buffer.from(chunk).toString("utf8"));
    })().catch(() => undefined);
    return stop;
  };
  const stops: AbortController[] = [];
  for (const name of ["bob", "eve"]) {
    stops.push(
      await follow(name, "events", (signal) =>
        fetch(`${server.baseUrl}/events`, { headers: as(name), signal }),
      ),
      await follow(name, "listen", (signal) =>
        modernRequest(
          server.url,
          "subscriptions/listen",
          { notifications: { resourceSubscriptions: ["shop://items/apple", "shop://about"] } },
          { headers: as(name), signal },
        ),
      ),
    );
  }
  server.events.publish({ kind: "notice", name: "for_two", data: {}, audience: { tenant: "two" } });
  server.events.publish({ kind: "resource_updated", uri: "shop://items/apple" });
  server.events.publish({ kind: "resource_updated", uri: "shop://about" });
  const text = (who: string) => heard.get(who)?.join("") ?? "";
  await until(() => [...heard.keys()].every((who) => text(who).includes("shop://about")), "all heard");
  expect(text("bob events")).toContain("for_two");
  expect(text("bob events")).toContain("items/apple");
  expect(text("bob listen")).toContain("items/apple");
  expect(text("eve events")).not.toMatch(/for_two|items\/apple/);
  expect(text("eve listen")).not.toContain("items/apple");
  for (const stop of stops) stop.abort();
});

test("answers with a challenge: with metadata for tokens, without for keys", async () => {
  await using keys = await openShop({ auth: namedAuth });
  const noKey = await post(keys.url, initialize);
  expect(noKey.status).toBe(401);
  expect(noKey.headers.get("www-authenticate")).toBe('Bearer realm="shop"');
  expect((await fetch(`${keys.baseUrl}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404);

  const oauth = { authorizationServers: ["https://id.example"], scopes: ["shop:read"] };
  await using tokens = await openShop({ auth: { ...namedAuth, oauth, requiredScopes: ["shop:read"] } });
  const wrong = await post(tokens.url, initialize, { authorization: "Bearer nobody" });
  expect(wrong.status).toBe(401);
  const metadataUrl = `${tokens.baseUrl}/.well-known/oauth-protected-resource/mcp`;
  expect(wrong.headers.get("www-authenticate")).toBe(
    `Bearer realm="shop", error="invalid_token", scope="shop:read", resource_metadata="${metadataUrl}"`,
  );
  expect(await (await fetch(metadataUrl)).json()).toEqual({
    resource: tokens.url,
    authorization_servers: ["https://id.example"],
    bearer_methods_supported: ["header"],
    resource_name: "shop",
    scopes_supported: ["shop:read"],
  });
  const eve = await post(tokens.url, initialize, as("eve"));
  expect(eve.status).toBe(403);
  expect(eve.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
});

test("protects metrics and events with the same credential, and leaves the probes open", async () => {
  await using server = await openShop({ auth: namedAuth });
  const status = async (path: string, headers = {}) =>
    (await fetch(`${server.baseUrl}${path}`, { headers })).status;
  expect(await status("/metrics")).toBe(401);
  expect(await status("/events")).toBe(401);
  expect(await status("/metrics", as("bob"))).toBe(200);
  expect(await status("/health")).toBe(200);
  expect(await status("/ready")).toBe(200);
  await using open = await openShop({ auth: namedAuth, openMetrics: true });
  expect((await fetch(`${open.baseUrl}/metrics`)).status).toBe(200);
});

test("counts calls by tool and verdict, and unknown names not at all", async () => {
  await using server = await openShop();
  await using connection = await connectV2(server);
  await connection.client.callTool({ name: "get_price", arguments: { item: "apple" } });
  await connection.client.callTool({ name: "get_price", arguments: { item: "plutonium" } });
  await connection.client.callTool({ name: "made_up_name", arguments: {} }).catch(() => undefined);
  const text = await (await fetch(`${server.baseUrl}/metrics`)).text();
  expect(text).toContain('mcp_tool_calls_total{tool="get_price",verdict="ok",server="shop"} 1');
  expect(text).toContain('mcp_tool_calls_total{tool="get_price",verdict="NOT_FOUND",server="shop"} 1');
  expect(text).toContain('mcp_tool_calls_in_flight{server="shop"} 0');
  expect(text).toContain("process_resident_memory_bytes");
  expect(text).not.toContain("made_up_name");
});

test("is ready when its dependencies are, and names those that are not", async () => {
  const ready = {
    database: async () => undefined,
    cache: () => Promise.reject(new Error("host cache.internal")),
  };
  await using server = await openShop({ ready });
  const response = await fetch(`${server.baseUrl}/ready`);
  expect(response.status).toBe(503);
  const text = await response.text();
  expect(JSON.parse(text)).toEqual({ status: "not_ready", checks: { database: "ok", cache: "failed" } });
  expect(text).not.toContain("internal");
});

test("lets running calls finish when it stops, and tells new ones to come back", async () => {
  const closed: string[] = [];
  const server = await openShop({ onClose: async () => void closed.push("services") });
  await using connection = await connectV2(server);
  const answer = connection.client.callTool({ name: "wait", arguments: { id: "last", ms: 400 } });
  await until(() => server.shop.waiting.has("last"), "the call runs");
  const stopped = server.close();
  expect((await answer).structuredContent).toMatchObject({ data: { waited_ms: 400 } });
  await stopped;
  expect(closed).toEqual(["services"]);
  expect(server.shop.aborted).toEqual([]);
  await expect(fetch(`${server.baseUrl}/health`)).rejects.toThrow();
});

test("aborts what does not finish, ends every stream, and is gone within five seconds", async () => {
  const server = await openShop({ drainMs: 300 });
  await using old = await connectV1(server);
  await using new_ = await connectV2(server);
  await new_.client.listen({ toolsListChanged: true });
  await fetch(`${server.baseUrl}/events`);
  const answers = [
    old.client.callTool({ name: "wait", arguments: { id: "old", ms: 60_000 } }),
    new_.client.callTool({ name: "wait", arguments: { id: "new", ms: 60_000 } }),
  ].map((answer) => answer.catch(() => "failed"));
  await until(() => server.shop.waiting.size === 2, "both calls run");
  const startedAt = Date.now();
  await server.close();
  expect(Date.now() - startedAt).toBeLessThan(2_500);
  await until(() => server.shop.waiting.size === 0, "both calls are aborted");
  expect(server.sessions).toBe(0);
  void answers;
});

test("does not listen for the network without authentication, nor on a port in use", async () => {
  await expect(openShop({ host: "0.0.0.0" })).rejects.toMatchObject({
    code: "CONFIG_ERROR",
    hint: expect.stringContaining("127.0.0.1"),
  });
  await using network = await openShop({ host: "0.0.0.0", auth: namedAuth });
  expect((await fetch(`http://127.0.0.1:${network.port}/health`)).status).toBe(200);
  await expect(openShop({ port: network.port })).rejects.toMatchObject({
    code: "CONFIG_ERROR",
    message: expect.stringContaining("in use"),
  });
});

test("leaks nothing of an unexpected exception", async () => {
  await using server = await openShop();
  await using connection = await connectV1(server);
  const result = await connection.client.callTool({ name: "fail", arguments: {} });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result)).toContain("INTERNAL_ERROR");
  expect(JSON.stringify(result)).not.toContain("secret");
});
