import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readJsonBody } from "./body.ts";

interface Sent {
  readonly headers: Headers;
  readonly stream: Readable;
}

const request = (body: string | Buffer | Readable, headers: Record<string, string> = {}): Sent => ({
  headers: new Headers({ "content-type": "application/json", ...headers }),
  stream: body instanceof Readable ? body : Readable.from([Buffer.from(body)]),
});

async function status({ headers, stream }: Sent, max = 100) {
  const body = await readJsonBody(headers, stream, max);
  return body.ok ? body.value : body.refusal.status;
}

test("reads JSON, whatever parameters its type has", async () => {
  expect(await status(request('{"a":1}'))).toEqual({ a: 1 });
  expect(await status(request("[]", { "content-type": "Application/JSON; charset=utf-8" }))).toEqual([]);
});

test("refuses other types, encodings, garbage and bytes that are no text", async () => {
  expect(await status(request("{}", { "content-type": "text/plain" }))).toBe(415);
  expect(await status(request("{}", { "content-type": "application/jsonp" }))).toBe(415);
  expect(await status(request("{}", { "content-encoding": "gzip" }))).toBe(415);
  expect(await status(request("{"))).toBe(400);
  expect(await status(request(""))).toBe(400);
  expect(await status(request(Buffer.from([0x22, 0xff, 0x22])))).toBe(400);
});

test("a limit is exact, and holds without a declared length", async () => {
  expect(await status(request(`"${"x".repeat(98)}"`))).toHaveLength(98);
  expect(await status(request(`"${"x".repeat(99)}"`))).toBe(413);
  let sent = 0;
  const endless = new Readable({
    read() {
      sent += 1;
      setImmediate(() => this.push(Buffer.alloc(50, 32)));
    },
  });
  expect(await status(request(endless))).toBe(413);
  expect(sent).toBeLessThan(10);
  endless.destroy();
});

test("trusts a declared length that is too large, and no declared length that is too small", async () => {
  expect(await status(request("{}", { "content-length": "101" }))).toBe(413);
  expect(await status(request(`"${"x".repeat(200)}"`, { "content-length": "2" }))).toBe(413);
});

test("a body that breaks off is a parse error", async () => {
  const broken = new Readable({
    read() {
      this.destroy(new Error("reset"));
    },
  });
  expect(await status(request(broken))).toBe(400);
  const silent = new Readable({ read: () => setImmediate(() => silent.destroy()) });
  silent.push(Buffer.from('{"a":'));
  expect(await status(request(silent))).toBe(400);
});
