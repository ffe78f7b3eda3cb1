import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePlace, encodePlace } from "./list-cursor.ts";

test("a place survives its cursor", () => {
  fc.assert(
    fc.property(fc.nat({ max: 999_999 }), fc.nat({ max: 999_999_999 }), (list, item) => {
      expect(decodePlace(encodePlace({ list, item }))).toEqual({ list, item });
    }),
  );
  expect(decodePlace(undefined)).toEqual({ list: 0, item: 0 });
});

test.each(["", "nonsense", Buffer.from("1.-2").toString("base64url"), "x".repeat(10_000)])(
  "refuses %s",
  (cursor) => {
    expect(() => decodePlace(cursor)).toThrow(expect.objectContaining({ code: -32602 }));
  },
);
