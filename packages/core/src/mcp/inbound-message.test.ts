import fc from "fast-check";
import { expect, test } from "vitest";
import { readInbound } from "./inbound-message.ts";
import { createLineFraming } from "./line-framing.ts";

const read = (text: string) => readInbound({ kind: "text", text }, 100);

test.each([
  { jsonrpc: "2.0", id: 1, method: "ping" },
  { jsonrpc: "2.0", id: "a", method: "tools/call", params: { name: "x", arguments: { deep: [{}] } } },
  { jsonrpc: "2.0", method: "notifications/initialized" },
  { jsonrpc: "2.0", id: 1, result: {} },
  { jsonrpc: "2.0", id: 1, error: { code: -1, message: "no" } },
])("passes on %j", (message) => {
  expect(read(JSON.stringify(message))).toEqual({ message });
});

test.each([
  ["{", -32700, null],
  ["[]", -32600, null],
  ['"text"', -32600, null],
  ["null", -32600, null],
  ["{}", -32600, null],
  ['{"jsonrpc":"1.0","id":4,"method":"ping"}', -32600, 4],
  ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
  ['{"jsonrpc":"2.0","id":"x","method":7}', -32600, "x"],
])("rejects %s", (text, code, id) => {
  expect(read(text)).toMatchObject({ rejection: { id, error: { code } } });
});

test("any text is either a message or answered, never an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const inbound = read(text);
      expect("message" in inbound || inbound.rejection.error.code < 0).toBe(true);
    }),
  );
});

test("finds the id of a message too large to read where clients write it, and no other", () => {
  const filler = "z".repeat(2_000);
  const edges = (text: string) => {
    const [line] = createLineFraming(1_000).push(Buffer.from(`${text}\n`));
    if (line === undefined) throw new Error("no line");
    const inbound = readInbound(line, 1_000);
    return "rejection" in inbound ? inbound.rejection.id : "not rejected";
  };
  const params = { name: "t", arguments: { text: filler } };
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.stringMatching(/^[a-z0-9-]{1,36}$/)),
      (id) => {
        const method = "tools/call";
        expect(edges(JSON.stringify({ jsonrpc: "2.0", id, method, params }))).toBe(id);
        expect(edges(JSON.stringify({ id, jsonrpc: "2.0", method, params }))).toBe(id);
        expect(edges(JSON.stringify({ method, params, jsonrpc: "2.0", id }))).toBe(id);
        expect(edges(JSON.stringify({ method, params, id, jsonrpc: "2.0" }))).toBe(id);
      },
    ),
  );
  const inner = { jsonrpc: "2.0", method: "x", params: { arguments: { text: filler, id: 9 } } };
  expect(edges(JSON.stringify(inner))).toBeNull();
  expect(edges(JSON.stringify({ text: `${filler}"id":9}` }))).toBeNull();
});
