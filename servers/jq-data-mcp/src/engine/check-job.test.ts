import fc from "fast-check";
import { expect, test } from "vitest";
import { excessOf } from "./check-job.ts";

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

test("levels are counted exactly, however wide a value is", () => {
  expect(excessOf(nested(10), 10, 1_000)).toBeUndefined();
  expect(excessOf(nested(11), 10, 1_000)).toBe("deep");
  expect(excessOf({ a: [1, nested(9)], b: 2 }, 10, 1_000)).toBe("deep");
});

test("what is far too large is not looked at to its end", () => {
  let looked = 0;
  const list = Array.from({ length: 100 }, () => ({
    get value() {
      looked += 1;
      return "x".repeat(50);
    },
  }));
  expect(excessOf(list, 10, 200)).toBe("large");
  expect(looked).toBeLessThanOrEqual(100);
  expect(excessOf(new Array(1_000_000).fill(0), 10, 1_000)).toBe("large");
});

test("nothing whose JSON text fits is refused", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const bytes = Buffer.byteLength(JSON.stringify(value));
      expect(excessOf(value, 1_000, bytes)).toBeUndefined();
    }),
  );
});

test("a list of plain values is measured exactly", () => {
  for (const value of ["x".repeat(100), [1, -22, 3.5, 1e21], ["a", null, true], []]) {
    const bytes = JSON.stringify(value).length;
    expect([excessOf(value, 10, bytes), excessOf(value, 10, bytes - 1)]).toEqual([undefined, "large"]);
  }
});
