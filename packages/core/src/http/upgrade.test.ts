import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { as, namedAuth, openShop } from "../mcp/fixtures/http.ts";
import type { HttpServerOptions } from "../mcp/serve-http.ts";
import { silentLog } from "./silent-log.ts";
import type { Upgrade } from "./upgrade.ts";

/** A server whose other protocol is one line of greeting. */
async function greeter(options: Partial<HttpServerOptions> = {}) {
  const taken: Upgrade[] = [];
  const server = await openShop({
    auth: namedAuth,
    onUpgrade: (upgrade) => {
      taken.push(upgrade);
      upgrade.socket.resume().once("end", () => upgrade.socket.destroy());
      upgrade.socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: greeting\r\nConnection: Upgrade\r\n\r\n",
      );
    },
    ...options,
  });
  onTestFinished(() => server.close());
  return { server, taken };
}

interface Asked {
  readonly status: number | undefined;
  readonly socket?: Duplex;
}

function ask(baseUrl: string, headers: Record<string, string>): Promise<Asked> {
  return new Promise((resolve, reject) => {
    httpRequest(`${baseUrl}/events`, { headers: { connection: "Upgrade", upgrade: "greeting", ...headers } })
      .on("upgrade", (response: IncomingMessage, socket) => {
        socket.on("error", () => undefined);
        resolve({ status: response.statusCode, socket });
      })
      .on("response", (response) => resolve({ status: response.resume().statusCode }))
      .on("error", reject)
      .end();
  });
}

test("whoever is known is taken over with a name; a stranger, a foreign page and a foreign host are not", async () => {
  const { server, taken } = await greeter();
  expect((await ask(server.baseUrl, as("ann"))).status).toBe(101);
  expect(taken[0]?.principal.id).toBe("ann");
  // The fixture's authentication throws at once instead of rejecting.
  expect((await ask(server.baseUrl, as("nobody"))).status).toBe(401);
  expect((await ask(server.baseUrl, {})).status).toBe(401);
  expect((await ask(server.baseUrl, { ...as("ann"), origin: "https://evil.example" })).status).toBe(403);
  expect((await ask(server.baseUrl, { ...as("ann"), host: "evil.example" })).status).toBe(403);
  expect(taken).toHaveLength(1);
});

test("a scope every request needs is needed here too", async () => {
  const { server, taken } = await greeter({ auth: { ...namedAuth, requiredScopes: ["shop:write"] } });
  expect((await ask(server.baseUrl, as("bob"))).status).toBe(403);
  expect((await ask(server.baseUrl, as("ann"))).status).toBe(101);
  expect(taken.map(({ principal }) => principal.id)).toEqual(["ann"]);
});

test("connections take the places of event streams, and give them back", async () => {
  const { server } = await greeter({ eventStreams: { total: 3, perPrincipal: 2 } });
  const [first] = [await ask(server.baseUrl, as("ann")), await ask(server.baseUrl, as("ann"))];
  expect((await ask(server.baseUrl, as("ann"))).status).toBe(503);
  expect((await ask(server.baseUrl, as("bob"))).status).toBe(101);
  expect((await fetch(`${server.baseUrl}/events`, { headers: as("bob") })).status).toBe(503);
  first?.socket?.destroy();
  await vi.waitFor(async () => expect((await ask(server.baseUrl, as("ann"))).status).toBe(101), {
    timeout: 10_000,
  });
});

test("a stop ends them", async () => {
  const { server } = await greeter();
  const { socket } = await ask(server.baseUrl, as("ann"));
  socket?.resume();
  const ended = once(socket as Duplex, "close");
  await server.close();
  await ended;
});

/** What the log was told as an error. */
function errorLog() {
  const errors: unknown[] = [];
  return { errors, log: { ...silentLog, error: (_: string, fields?: object) => void errors.push(fields) } };
}

test("a fault of what takes over ends that connection only, is told to the log, and frees its place", async () => {
  const { errors, log } = errorLog();
  const broken = new Error("no greeting today");
  const { server } = await greeter({
    log,
    eventStreams: { total: 1, perPrincipal: 1 },
    onUpgrade: () => {
      throw broken;
    },
  });
  await expect(ask(server.baseUrl, as("ann"))).rejects.toMatchObject({ code: "ECONNRESET" });
  await vi.waitFor(async () => {
    await ask(server.baseUrl, as("ann")).catch(() => undefined);
    expect(errors.length).toBeGreaterThanOrEqual(2);
  });
  expect(errors[0]).toEqual({ err: broken });
  expect((await fetch(`${server.baseUrl}/health`)).status).toBe(200);
});

test("authentication that fails by itself is no fault of the caller, and is told to the log", async () => {
  const { errors, log } = errorLog();
  const broken = new Error("no keys");
  const { server } = await greeter({ log, auth: { authenticate: () => Promise.reject(broken) } });
  expect((await ask(server.baseUrl, as("ann"))).status).toBe(500);
  expect(errors).toEqual([{ err: broken }]);
});

test("a refused connection is closed even where the client keeps its side open", async () => {
  const { server } = await greeter();
  const { host, port } = new URL(server.baseUrl);
  const socket = connect({ host: "127.0.0.1", port: Number(port), allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let gone = false;
  socket.on("error", () => {
    gone = true;
  });
  socket.write(`GET /events HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: greeting\r\n\r\n`);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
  await vi.waitFor(() => {
    if (!gone) socket.write("still here");
    expect(gone).toBe(true);
  });
});

test("an open connection is counted among the event streams", async () => {
  const { server } = await greeter();
  const open = async () =>
    /^mcp_event_streams\S* (\d+)$/m.exec(
      await (await fetch(`${server.baseUrl}/metrics`, { headers: as("ann") })).text(),
    )?.[1];
  const { socket } = await ask(server.baseUrl, as("ann"));
  expect(await open()).toBe("1");
  socket?.destroy();
  await vi.waitFor(async () => expect(await open()).toBe("0"));
});
