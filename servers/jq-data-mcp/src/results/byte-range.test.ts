import fc from "fast-check";
import { expect, test } from "vitest";
import { byteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-0", { from: 0, to: 1 }],
  ["bytes=2-", { from: 2, to: 10 }],
  ["bytes=-3", { from: 7, to: 10 }],
  ["bytes=-30", { from: 0, to: 10 }],
  ["bytes=9-99", { from: 9, to: 10 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-4", undefined],
  ["bytes=0-1,4-5", undefined],
  ["bytes=-", undefined],
  ["lines=0-1", undefined],
  ["", undefined],
  [undefined, undefined],
])("%s of ten bytes", (header, expected) => {
  expect(byteRange(header, 10)).toEqual(expected);
});

test("of nothing there is no part, and a part is never outside", () => {
  expect(byteRange("bytes=0-", 0)).toBe("unsatisfiable");
  const end = fc.oneof(
    fc.constant(""),
    fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
    fc.nat(50).map(String),
  );
  fc.assert(
    fc.property(end, end, fc.nat(40), (first, last, size) => {
      const range = byteRange(`bytes=${first}-${last}`, size);
      if (range === undefined || range === "unsatisfiable") return;
      expect(range.from).toBeGreaterThanOrEqual(0);
      expect(range.to).toBeGreaterThan(range.from);
      expect(range.to).toBeLessThanOrEqual(size);
    }),
  );
});
