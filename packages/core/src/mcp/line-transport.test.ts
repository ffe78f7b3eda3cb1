import { PassThrough, Writable } from "node:stream";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { createLineTransport } from "./line-transport.ts";

function open(stdout: Writable, graceMs = 50) {
  const stdin = new PassThrough();
  const received: JSONRPCMessage[] = [];
  let closed = 0;
  const transport = createLineTransport({
    stdin,
    stdout,
    maxMessageBytes: 1_000,
    graceMs,
    onClosed: () => {
      closed += 1;
    },
  });
  transport.onmessage = (message) => void received.push(message);
  return { stdin, transport, received, closed: () => closed };
}

/** Takes what it is given only when released. */
function slowWriter() {
  let release: () => void = () => undefined;
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      release = done;
    },
    writev(_chunks, done) {
      release = done;
    },
  });
  return { stdout, release: () => release() };
}

const request = (id: number) => `${JSON.stringify({ jsonrpc: "2.0", id, method: "ping" })}\n`;
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

test("reads no further requests while too many answers are unread, and goes on afterwards", async () => {
  const { stdout, release } = slowWriter();
  const { stdin, transport, received } = open(stdout);
  await transport.start();
  stdin.write(request(1));
  await tick();
  await transport.send({ jsonrpc: "2.0", id: 1, result: { text: "x".repeat(17_000_000) } });
  await tick();
  stdin.write(request(2));
  await tick();
  expect(received).toHaveLength(1);
  release();
  await tick();
  expect(received).toHaveLength(2);
});

test("waits for the answers of a bounded time once the input ended", async () => {
  const stdout = new PassThrough();
  const { stdin, transport, closed } = open(stdout, 10_000);
  await transport.start();
  stdin.end(request(1) + request(2));
  await tick();
  await transport.send({ jsonrpc: "2.0", id: 1, result: {} });
  expect(closed()).toBe(0);
  await transport.send({ jsonrpc: "2.0", id: 2, error: { code: -32603, message: "no" } });
  expect(closed()).toBe(1);
  await expect(transport.send({ jsonrpc: "2.0", method: "notifications/progress" })).rejects.toThrow();

  const late = open(new PassThrough(), 20);
  await late.transport.start();
  late.stdin.end(request(1));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(late.closed()).toBe(1);
});

test("does not wait for requests that are cancelled, nor for streams", async () => {
  const { stdin, transport, closed } = open(new PassThrough(), 10_000);
  await transport.start();
  stdin.write(request(1));
  stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: "s", method: "subscriptions/listen", params: {} })}\n`);
  stdin.end(
    `${JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } })}\n`,
  );
  await tick();
  expect(closed()).toBe(1);
});

test("a cancellation without an id, or of an unknown one, harms nothing", async () => {
  const { stdin, transport, received, closed } = open(new PassThrough());
  await transport.start();
  stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled" })}\n`);
  stdin.write(request(3));
  await tick();
  expect(received).toHaveLength(2);
  expect(closed()).toBe(0);
});

test("closes once, when its output breaks", async () => {
  const stdout = new PassThrough();
  const { transport, closed } = open(stdout);
  await transport.start();
  stdout.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  await tick();
  expect(closed()).toBe(1);
  await transport.close();
  expect(closed()).toBe(1);
});
