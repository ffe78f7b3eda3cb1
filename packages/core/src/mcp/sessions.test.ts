import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import type { Principal } from "../auth/principal.ts";
import type { McpRequest } from "../http/app.ts";
import { createEventHub } from "../http/events.ts";
import { silentLog } from "../http/silent-log.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createShop, createShopCaller, shopCatalogue } from "./fixtures/catalogue.ts";
import { initialize } from "./fixtures/http.ts";
import { bindServer } from "./server.ts";
import { createSessions } from "./sessions.ts";
import { createSurface } from "./surface.ts";

const ann: Principal = { id: "ann", scopes: ["*"], method: "api_key" };

function open(limits = { total: 10, perPrincipal: 10, idleMs: 60_000 }) {
  const shop = createShop();
  const clock = createFakeClock();
  const events = createEventHub();
  const counts: number[] = [];
  const surface = createSurface({
    catalogue: shopCatalogue,
    caller: createShopCaller(shop),
    services: shop,
    log: silentLog,
  });
  const sessions = createSessions({
    bind: (era, principalOf) => bindServer(surface, era, principalOf),
    events,
    limits,
    now: clock.now,
    onCount: (count) => void counts.push(count),
    log: silentLog,
  });
  /** The answer's bytes, and the way to say they are sent. */
  const send = async (
    method: string,
    body: unknown,
    headers: Record<string, string> = {},
    principal = ann,
  ) => {
    const outgoing = Object.assign(new EventEmitter(), { writableFinished: true });
    const request = new Request("http://localhost/mcp", {
      method,
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const call: McpRequest = { request, body, principal, outgoing: outgoing as unknown as ServerResponse };
    const response = await sessions.handle(call);
    return { response, sent: () => void outgoing.emit("close") };
  };
  const start = async (principal = ann) => {
    const { response, sent } = await send("POST", initialize, {}, principal);
    await response.text();
    sent();
    return { "mcp-session-id": response.headers.get("mcp-session-id") ?? "none" };
  };
  return { sessions, clock, counts, send, start };
}

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

test("forgets a session nobody used for its time, and only such", async () => {
  const { sessions, clock, counts, send, start } = open();
  const idle = await start();
  const busy = await start();
  await clock.advance(59_999);
  sessions.sweep();
  expect(sessions.count).toBe(2);
  const { response, sent } = await send("POST", ping, busy);
  await response.text();
  sent();
  await clock.advance(1);
  sessions.sweep();
  expect(sessions.count).toBe(1);
  expect((await send("POST", ping, idle)).response.status).toBe(404);
  expect((await send("POST", ping, busy)).response.status).toBe(200);
  expect(counts).toEqual([1, 2, 1]);
});

test("keeps a session whose event stream is open, until it ends", async () => {
  const { sessions, clock, send, start } = open();
  const session = await start();
  const stream = await send("GET", undefined, { ...session, accept: "text/event-stream" });
  expect(stream.response.status).toBe(200);
  await clock.advance(600_000);
  sessions.sweep();
  expect(sessions.count).toBe(1);
  stream.sent();
  await clock.advance(60_000);
  sessions.sweep();
  expect(sessions.count).toBe(0);
});

test("starts no session for anything but a handshake, and keeps none whose handshake failed", async () => {
  const { sessions, send } = open();
  expect((await send("POST", ping)).response.status).toBe(400);
  expect((await send("GET", undefined)).response.status).toBe(400);
  expect((await send("POST", initialize, { accept: "text/plain" })).response.status).toBe(406);
  expect(sessions.count).toBe(0);
});

test("refuses a caller whose sessions are all busy", async () => {
  const { sessions, send, start } = open({ total: 10, perPrincipal: 1, idleMs: 60_000 });
  const session = await start();
  const stream = await send("GET", undefined, { ...session, accept: "text/event-stream" });
  expect((await send("POST", initialize)).response.status).toBe(503);
  stream.sent();
  expect((await send("POST", initialize)).response.status).toBe(200);
  expect(sessions.count).toBe(1);
});

test("the same id under another tenant or method is another caller", async () => {
  const { send, start } = open();
  const session = await start();
  for (const stranger of [
    { ...ann, tenant: "x" },
    { ...ann, method: "jwt" as const },
    { ...ann, id: "an" },
  ]) {
    expect((await send("POST", ping, session, stranger)).response.status).toBe(404);
  }
});

test("a change of scopes shows within the session", async () => {
  const { send, start } = open();
  const session = await start();
  const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
  const all = await (await send("POST", list, session)).response.text();
  const fewer = await (await send("POST", list, session, { ...ann, scopes: [] })).response.text();
  expect(all).toContain("set_price");
  expect(fewer).not.toContain("set_price");
});

test("refuses a request whose id is still running in the session, and takes the id again afterwards", async () => {
  const { send, start } = open();
  const session = await start();
  const first = await send("POST", ping, session);
  const again = await send("POST", ping, session);
  expect(again.response.status).toBe(400);
  expect(await again.response.text()).toContain("still running");
  const twin = { ...ping, id: 2 };
  expect((await send("POST", [twin, twin], session)).response.status).toBe(400);
  await first.response.text();
  first.sent();
  const later = await send("POST", ping, session);
  expect(await later.response.text()).toContain('"result"');
});
