import { connect as connectSocket } from "node:net";
import { expect, test } from "vitest";
import { ToolError } from "../error/tool-error.ts";
import { as, initialize, namedAuth, openShop, post } from "../mcp/fixtures/http.ts";

test("answers an unknown path and a wrong method without giving anything away", async () => {
  await using server = await openShop();
  const lost = await fetch(`${server.baseUrl}/mpc`);
  expect(lost.status).toBe(404);
  expect(await lost.text()).toContain("/mcp");
  expect((await fetch(server.url, { method: "PUT" })).status).toBeGreaterThanOrEqual(400);
  expect((await fetch(`${server.baseUrl}/health`)).headers.get("access-control-allow-origin")).toBeNull();
});

test("passes on a wait, a refusal and a defect of authentication as what they are", async () => {
  const thrown: unknown[] = [
    new ToolError("RATE_LIMITED", "Too many attempts.", { retryAfterMs: 1_200 }),
    new ToolError("PERMISSION_DENIED", "This project is not active."),
    new Error("jwks host internal.example is down"),
  ];
  await using server = await openShop({
    auth: {
      authenticate() {
        throw thrown.shift();
      },
    },
  });
  const slow = await post(server.url, initialize);
  expect([slow.status, slow.headers.get("retry-after")]).toEqual([429, "2"]);
  expect((await post(server.url, initialize)).status).toBe(403);
  const broken = await post(server.url, initialize);
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain("internal.example");
});

test("hands the peer's address to authentication", async () => {
  let seen: string | undefined;
  await using server = await openShop({
    auth: {
      authenticate(_headers, peer) {
        seen = peer;
        return { id: "a", scopes: ["*"], method: "proxy" };
      },
    },
  });
  await post(server.url, initialize);
  expect(seen).toMatch(/127\.0\.0\.1|::1/);
});

test("a server's own routes stand behind the guard, and behind the credential where they ask", async () => {
  await using server = await openShop({
    auth: namedAuth,
    routes(app, requirePrincipal) {
      app.get("/open", (c) => c.text("open"));
      app.get("/mine", requirePrincipal, (c) => c.text(c.get("principal").id));
      app.get("/broken", () => {
        throw new Error("secret of the route");
      });
    },
  });
  const get = (path: string, headers = {}) => fetch(`${server.baseUrl}${path}`, { headers });
  expect(await (await get("/open")).text()).toBe("open");
  expect((await get("/open", { origin: "https://evil.example" })).status).toBe(403);
  expect((await get("/mine")).status).toBe(401);
  expect(await (await get("/mine", as("bob"))).text()).toBe("bob");
  const broken = await get("/broken");
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain("secret");
});

test("limits the event streams, and frees a place when one ends", async () => {
  await using server = await openShop({ eventStreams: { total: 1 } });
  const stop = new AbortController();
  const first = await fetch(`${server.baseUrl}/events`, { signal: stop.signal });
  expect(first.headers.get("content-type")).toBe("text/event-stream");
  expect((await fetch(`${server.baseUrl}/events`)).status).toBe(503);
  stop.abort();
  await expect
    .poll(async () => {
      const again = new AbortController();
      const response = await fetch(`${server.baseUrl}/events`, { signal: again.signal });
      again.abort();
      return response.status;
    })
    .toBe(200);
});

test("names the address a proxy gives it in what it publishes", async () => {
  await using server = await openShop({
    publicUrl: "https://data.example/",
    auth: { ...namedAuth, oauth: { authorizationServers: ["https://id.example"] } },
  });
  const metadata = await fetch(`${server.baseUrl}/.well-known/oauth-protected-resource`);
  expect(await metadata.json()).toMatchObject({ resource: "https://data.example/mcp" });
  const refused = await post(server.url, initialize);
  expect(refused.headers.get("www-authenticate")).toContain(
    'resource_metadata="https://data.example/.well-known/oauth-protected-resource/mcp"',
  );
});

test("lets go of a client that does not send its headers", async () => {
  await using server = await openShop({ headersTimeoutMs: 300 });
  const socket = connectSocket(server.port, "127.0.0.1");
  const startedAt = Date.now();
  socket.write("POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
  const answer = await new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("close", () => resolve(text));
  });
  expect(answer).toContain("408");
  expect(Date.now() - startedAt).toBeLessThan(3_000);
});
