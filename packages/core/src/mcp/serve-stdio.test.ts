import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { connectV1, connectV2 } from "../testing/connect.ts";
import { initialize, until } from "./fixtures/http.ts";

const args = [
  "--import",
  import.meta.resolve("tsx"),
  "--conditions=@mcp-data/source",
  fileURLToPath(new URL("fixtures/stdio.ts", import.meta.url)),
];
const target = { command: process.execPath, args, stderr: "ignore" as const };

interface Answer {
  readonly id: number | string | null;
  readonly result?: { readonly structuredContent?: unknown; readonly content?: { readonly text: string }[] };
  readonly error?: { readonly code: number; readonly message: string };
}

/** The server with its bare pipes. */
function start() {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, args);
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: Answer[] = [];
  let partial = "";
  child.stdout.on("data", (chunk) => {
    const parts = (partial + chunk).split("\n");
    partial = parts.pop() ?? "";
    for (const line of parts) lines.push(JSON.parse(line));
  });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += chunk;
  });
  child.stdin.on("error", () => undefined);
  const write = (message: object | string | Buffer) =>
    child.stdin.write(
      Buffer.isBuffer(message)
        ? message
        : `${typeof message === "string" ? message : JSON.stringify(message)}\n`,
    );
  return {
    child,
    write,
    lines,
    log: () => log,
    answer: async (id: number) => {
      await until(() => lines.some((line) => line.id === id), `answer ${id}; got ${JSON.stringify(lines)}`);
      return lines.find((line) => line.id === id) as Answer;
    },
    ended: once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
  };
}

async function startSession() {
  const server = start();
  server.write(initialize);
  await until(() => server.lines.length > 0, "the server starts");
  server.write({ jsonrpc: "2.0", method: "notifications/initialized" });
  return server;
}

const call = (id: number, name: string, callArgs: object) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: callArgs },
});

test("serves clients of both lines and eras", async () => {
  await using v1 = await connectV1(target);
  await using legacy = await connectV2(target, "legacy");
  await using modern = await connectV2(target);
  expect(modern.client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
  for (const client of [v1.client, legacy.client, modern.client]) {
    const result = await client.callTool({ name: "get_price", arguments: { item: "cheese" } });
    expect(result.structuredContent).toMatchObject({ data: { price: 12 } });
  }
});

test("writes nothing but JSON-RPC to stdout, whatever a library prints", async () => {
  const server = await startSession();
  server.write(call(1, "get_price", { item: "apple" }));
  await server.answer(1);
  expect(server.lines).toHaveLength(2);
  expect(server.log()).toContain("a library that prints");
});

test("answers what it cannot read, and goes on", async () => {
  const server = await startSession();
  server.write("garbage");
  server.write(Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]));
  server.write([{ jsonrpc: "2.0", id: 1, method: "ping" }]);
  server.write({ id: 5 });
  server.write({ jsonrpc: "2.0", id: 6, method: "ping", extra: true });
  server.write("");
  server.write(call(7, "get_price", { item: "bread" }));
  expect(await server.answer(7)).toMatchObject({ result: { structuredContent: { success: true } } });
  const codes = server.lines.filter(({ error }) => error).map(({ id, error }) => [id, error?.code]);
  expect(codes).toEqual([
    [null, -32700],
    [null, -32700],
    [null, -32600],
    [5, -32600],
    [6, -32600],
  ]);
});

test("takes arguments of two megabytes, refuses twelve by the request's id, and goes on", async () => {
  const server = await startSession();
  server.write(call(1, "get_price", { item: "x".repeat(2_500_000) }));
  const large = await server.answer(1);
  expect(large.result?.content?.[0]?.text).toContain("NOT_FOUND");
  server.write({ method: "tools/call", params: { name: "x".repeat(12_000_000) }, jsonrpc: "2.0", id: 2 });
  expect(await server.answer(2)).toMatchObject({ error: { code: -32600 } });
  server.write(call(3, "get_price", { item: "bread" }));
  expect(await server.answer(3)).toMatchObject({ result: { structuredContent: { success: true } } });
});

test("ends with its input: running calls are aborted, services closed", async () => {
  const server = await startSession();
  server.write(call(1, "wait", { id: "long", ms: 60_000 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const startedAt = Date.now();
  server.child.stdin.end();
  expect(await server.ended).toEqual([0, null]);
  expect(Date.now() - startedAt).toBeLessThan(3_000);
  expect(server.log()).toContain('{"closed":true,"aborted":["long"]}');
});

test("still answers quick calls whose writer closed the pipe at once", async () => {
  const server = start();
  server.write(initialize);
  server.write(call(1, "wait", { id: "quick", ms: 50 }));
  server.child.stdin.end();
  expect(await server.ended).toEqual([0, null]);
  expect(server.lines.map(({ id }) => id)).toEqual([0, 1]);
});

test("ends at once when nobody ever wrote", async () => {
  const server = start();
  server.child.stdin.end();
  expect(await server.ended).toEqual([0, null]);
  expect(server.lines).toEqual([]);
});

test.each(["SIGTERM", "SIGINT"] as const)("ends on %s with its services closed", async (signal) => {
  const server = await startSession();
  server.write(call(1, "wait", { id: "long", ms: 60_000 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  server.child.kill(signal);
  expect(await server.ended).toEqual([0, null]);
  expect(server.log()).toContain('"closed":true');
});

test("ends when its client stops reading for good", async () => {
  const server = await startSession();
  server.child.stdout.destroy();
  server.write(call(1, "get_price", { item: "apple" }));
  server.write(call(2, "get_price", { item: "apple" }));
  expect(await server.ended).toEqual([0, null]);
  expect(server.log()).toContain('"closed":true');
});
