import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { createCursors } from "./cursor.ts";
import { createTokenSigner } from "./signed-token.ts";

const signer = createTokenSigner();
const cursors = createCursors(signer);
const binding = {
  tool: "query",
  principal: "key:ann",
  of: { sql: "select 1", params: [1, "a"], policy: "p1" },
};
const position = z.object({ offset: z.number() });
const refused = (reason: string) => expect.objectContaining({ code: "CURSOR_EXPIRED", details: { reason } });

test("gives its position back to the same caller asking the same", () => {
  const cursor = cursors.mint(binding, { offset: 500 });
  const sameInOtherOrder = { policy: "p1", params: [1, "a"], sql: "select 1" };
  expect(cursors.open(cursor, { ...binding, of: sameInOtherOrder }, position)).toEqual({ offset: 500 });
  // May be opened again: reading a page twice is harmless.
  expect(cursors.open(cursor, binding, position)).toEqual({ offset: 500 });
});

test("another caller, other arguments or another tool cannot use it", () => {
  const cursor = cursors.mint(binding, { offset: 500 });
  expect(() => cursors.open(cursor, { ...binding, principal: "key:bob" }, position)).toThrow(
    refused("other_binding"),
  );
  expect(() => cursors.open(cursor, { ...binding, of: { ...binding.of, policy: "p2" } }, position)).toThrow(
    refused("other_binding"),
  );
  expect(() => cursors.open(cursor, { ...binding, tool: "list_tables" }, position)).toThrow(
    refused("not_recognised"),
  );
});

test("principal and arguments are not run together", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (p1, a1, p2, a2) => {
      const cursor = cursors.mint({ tool: "t", principal: p1, of: a1 }, 1);
      const open = () => cursors.open(cursor, { tool: "t", principal: p2, of: a2 }, z.number());
      if (p1 === p2 && a1 === a2) expect(open()).toBe(1);
      else expect(open).toThrow(refused("other_binding"));
    }),
  );
  const joined = cursors.mint({ tool: "t", principal: "ab", of: "c" }, 1);
  expect(() => cursors.open(joined, { tool: "t", principal: "a", of: "bc" }, z.number())).toThrow(
    refused("other_binding"),
  );
});

test("a position of another version's shape is expired, not an internal error", () => {
  const cursor = cursors.mint(binding, { page: 3 });
  expect(() => cursors.open(cursor, binding, position)).toThrow(refused("not_recognised"));
});

test("lives as long as configured", () => {
  let now = 0;
  const timed = createCursors(createTokenSigner({ now: () => now }), { ttlMs: 1_000 });
  const cursor = timed.mint(binding, { offset: 1 });
  now = 1_000;
  expect(() => timed.open(cursor, binding, position)).toThrow(refused("too_old"));
});
