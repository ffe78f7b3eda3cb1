import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { anonymousPrincipal } from "../http/authentication.ts";
import { silentLog } from "../http/silent-log.ts";
import { createCallLane } from "./call-lane.ts";
import { createShop, createShopCaller, shopCatalogue } from "./fixtures/catalogue.ts";
import { as, modernRequest, namedAuth, openShop, until } from "./fixtures/http.ts";
import { createSurface } from "./surface.ts";

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
};
const params = { name: "get_price", arguments: { item: "apple" }, _meta: meta };
const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
const headers = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": "get_price",
};

function setup() {
  const shop = createShop();
  const surface = createSurface({
    catalogue: shopCatalogue,
    caller: createShopCaller(shop),
    services: shop,
    log: silentLog,
  });
  const lane = createCallLane(surface);
  const request = (sent: unknown = body, more: Record<string, string> = {}, method = "POST") => ({
    request: new Request("http://localhost/mcp", { method, headers: { ...headers, ...more } }),
    body: sent,
    principal: anonymousPrincipal,
    outgoing: new ServerResponse(new IncomingMessage(new Socket())),
  });
  return { lane, request };
}

const answered = (sent: object = { result: {} }, status = 200) => Response.json(sent, { status });

test("an envelope is known once the SDK answered it with a result, for whichever tool and arguments", async () => {
  const { lane, request } = setup();
  expect(lane.answer(request())).toBeUndefined();
  await lane.learn(request(), answered({ error: {} }));
  await lane.learn(request(), answered({ result: {} }, 400));
  await lane.learn(request(), new Response("data: {}", { headers: { "content-type": "text/event-stream" } }));
  expect(lane.answer(request())).toBeUndefined();
  await lane.learn(request(), answered());
  expect(lane.answer(request())).toBeInstanceOf(Promise);
  const other = { ...body, id: "two", params: { ...params, name: "fail", arguments: undefined } };
  expect(lane.answer(request(other, { "mcp-name": "fail" }))).toBeInstanceOf(Promise);
});

test("a very long envelope is not remembered: thousands of them would be much memory", async () => {
  const { lane, request } = setup();
  const long = { ...body, params: { ...params, _meta: { ...meta, "x/note": "x".repeat(10_000) } } };
  await lane.learn(request(long), answered());
  expect(lane.answer(request(long))).toBeUndefined();
});

test.each<[string, unknown, Record<string, string>?, string?]>([
  ["another method", { ...body, method: "tools/list" }],
  ["a notification", { jsonrpc: "2.0", method: "tools/call", params }],
  ["another version of JSON-RPC", { ...body, jsonrpc: "1.0" }],
  ["an id that is no id", { ...body, id: 1.5 }],
  ["a key nobody knows", { ...body, more: 1 }],
  ["a parameter nobody knows", { ...body, params: { ...params, requestState: "x" } }],
  ["a batch", [body]],
  ["no envelope", { ...body, params: { ...params, _meta: undefined } }],
  ["another envelope", { ...body, params: { ...params, _meta: { ...meta, "x/y": 1 } } }],
  ["a wish for progress", { ...body, params: { ...params, _meta: { ...meta, progressToken: 1 } } }],
  ["arguments that are a list", { ...body, params: { ...params, arguments: [] } }],
  ["no name", { ...body, params: { ...params, name: 1 } }],
  ["an unknown tool", { ...body, params: { ...params, name: "nothing" } }, { "mcp-name": "nothing" }],
  ["another name in the header", body, { "mcp-name": "fail" }],
  ["another method in the header", body, { "mcp-method": "tools/list" }],
  ["another version in the header", body, { "mcp-protocol-version": "2025-11-25" }],
  ["a session", body, { "mcp-session-id": "x" }],
  ["another wish of format", body, { accept: "text/html" }],
  ["another way to send", body, {}, "PUT"],
])("the SDK looks at %s", async (_what, sent, more, method) => {
  const { lane, request } = setup();
  await lane.learn(request(), answered());
  expect(lane.answer(request(sent, more, method))).toBeUndefined();
});

const same = (text: string) =>
  text
    .replaceAll(/\\?"(?:timing_ms|retry_after_ms)\\?":[\d.]+/g, "T")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
    .replaceAll(/untrusted-[0-9a-f]{8}/g, "FENCE");

test("an answer is the same, byte for byte, whichever way it took", async () => {
  await using server = await openShop({ auth: namedAuth });
  const ask = async (name: string, args: object | undefined, fresh: boolean, id = 7) => {
    const version = fresh ? `${performance.now()}` : "1";
    const response = await modernRequest(
      server.url,
      "tools/call",
      {
        name,
        ...(args === undefined ? {} : { arguments: args }),
        _meta: { "io.modelcontextprotocol/clientInfo": { name: "raw", version } },
      },
      { id, headers: as("ann") },
    );
    const kept = ["content-type", "content-length"].map((header) => response.headers.get(header));
    return { status: response.status, type: kept[0], text: same(await response.text()) };
  };
  await ask("set_price", { item: "apple", price: 4 }, false);
  for (const [name, args] of [
    ["get_price", { item: "apple" }],
    ["get_price", { item: 'äpple \u2028 " \\ 😀' }],
    ["get_price", { itm: "apple" }],
    ["get_price", undefined],
    ["fail", {}],
    ["set_price", { item: "apple", price: 4 }],
    ["nothing", {}],
  ] as const)
    expect(await ask(name, args, false)).toEqual(await ask(name, args, true));
});

test("what a principal may not see is unknown to them on either way", async () => {
  await using server = await openShop({ auth: namedAuth });
  const ask = (who: string) =>
    modernRequest(
      server.url,
      "tools/call",
      { name: "set_price", arguments: { item: "apple", price: 9 } },
      { headers: as(who) },
    );
  await (await ask("ann")).text();
  expect(await (await ask("ann")).json()).toMatchObject({ result: { structuredContent: { success: true } } });
  expect(await (await ask("bob")).json()).toMatchObject({ error: { code: -32_602 } });
});

test("a call whose client leaves is aborted on this way too", async () => {
  await using server = await openShop();
  await (
    await modernRequest(server.url, "tools/call", { name: "get_price", arguments: { item: "apple" } })
  ).text();
  const gone = new AbortController();
  const running = modernRequest(
    server.url,
    "tools/call",
    { name: "wait", arguments: { id: "w", ms: 30_000 } },
    { signal: gone.signal },
  );
  await until(() => server.shop.waiting.has("w"), "the call runs");
  gone.abort();
  await expect(running).rejects.toThrow();
  await until(() => server.shop.aborted.includes("w"), "the call is aborted");
});

test("a stop lets a running call finish and aborts one that does not", async () => {
  const server = await openShop({ drainMs: 300 });
  await (
    await modernRequest(server.url, "tools/call", { name: "get_price", arguments: { item: "apple" } })
  ).text();
  const wait = (id: string, ms: number) =>
    modernRequest(server.url, "tools/call", { name: "wait", arguments: { id, ms } }).then(
      (response) => response.status,
      () => "cut",
    );
  const both = Promise.all([wait("short", 100), wait("long", 30_000)]);
  await until(() => server.shop.waiting.size === 2, "both run");
  await server.close();
  expect(await both).toEqual([200, "cut"]);
  expect(server.shop.aborted).toEqual(["long"]);
});
