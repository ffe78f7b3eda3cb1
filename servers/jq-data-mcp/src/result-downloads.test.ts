import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createDownloads, type DownloadLimits } from "./result-downloads.ts";
import type { StoredResult } from "./results/result-store.ts";

const piece = Buffer.alloc(64 * 1024, "x");

/** A result of so many bytes, and how often it was opened and closed. */
function counted(bytes: number, readable = bytes) {
  const seen = { opened: 0, closed: 0, read: 0 };
  const read = (offset: number, length: number) =>
    piece.subarray(0, Math.max(0, Math.min(length, readable - offset)));
  const result: StoredResult = {
    id: "r",
    owner: "key:bob",
    bytes,
    count: 1,
    ofOneArray: false,
    read,
    async open() {
      seen.opened += 1;
      return {
        async read(offset, length) {
          const part = read(offset, length);
          seen.read += part.length;
          return part;
        },
        async close() {
          seen.closed += 1;
        },
      };
    },
  };
  return { result, seen };
}

async function serving(result: StoredResult, limits: Partial<DownloadLimits>) {
  const download = createDownloads(limits);
  const server = createServer(async (_request, outgoing) => {
    const signal = new AbortController().signal;
    const response = await download(result, {
      method: "GET",
      range: undefined,
      ifRange: undefined,
      outgoing,
      signal,
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    const body = Readable.fromWeb(response.body as never);
    body.on("error", () => outgoing.destroy());
    outgoing.on("close", () => body.destroy());
    body.pipe(outgoing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(get({ port, agent: false }), "response")) as [IncomingMessage];
  return response;
}

test("who stops reading is let go; who reads slowly is not", async () => {
  const stuck = counted(200 * 1024 * 1024);
  await serving(stuck.result, { idleMs: 150 });
  await expect.poll(() => stuck.seen, { timeout: 10_000 }).toMatchObject({ opened: 1, closed: 1 });
  expect(stuck.seen.read).toBeLessThan(stuck.result.bytes / 4);

  const slow = counted(12 * 1024 * 1024);
  const response = await serving(slow.result, { idleMs: 2_000 });
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    await sleep(5);
  }
  expect(bytes).toBe(slow.result.bytes);
  expect(slow.seen).toMatchObject({ opened: 1, closed: 1 });
}, 60_000);

test("what ends before its length is broken off, not passed for whole", async () => {
  const short = counted(3 * 1024 * 1024, 1024 * 1024);
  const response = await serving(short.result, {});
  await expect(response.resume().toArray()).rejects.toThrow(/aborted/);
  expect(short.seen).toMatchObject({ opened: 1, closed: 1 });
});

test("who is gone before it began holds no place", async () => {
  const { result, seen } = counted(10);
  const download = createDownloads({ perPerson: 1 });
  for (let i = 0; i < 3; i += 1) {
    const request = { method: "GET", range: undefined, ifRange: undefined, outgoing: {} as never };
    await expect(download(result, { ...request, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  }
  expect(seen).toMatchObject({ opened: 3, closed: 3 });
});
