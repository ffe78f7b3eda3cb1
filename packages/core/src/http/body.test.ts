import { expect, test } from "vitest";
import { readJsonBody } from "./body.ts";

const request = (body: NonNullable<RequestInit["body"]>, headers: Record<string, string> = {}) =>
  new Request("http://localhost/", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
    duplex: "half",
  } as RequestInit);

async function status(sent: Request, max = 100) {
  const body = await readJsonBody(sent, max);
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
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(50).fill(32));
    },
  });
  expect(await status(request(endless))).toBe(413);
  expect(pulled).toBeLessThan(10);
});

test("trusts a declared length that is too large, and no declared length that is too small", async () => {
  expect(await status(request("{}", { "content-length": "101" }))).toBe(413);
  expect(await status(request(`"${"x".repeat(200)}"`, { "content-length": "2" }))).toBe(413);
});

test("a body that breaks off is a parse error", async () => {
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error("reset"));
    },
  });
  expect(await status(request(broken))).toBe(400);
});
