import { expect, test } from "vitest";
import { median, quantile } from "./numbers.ts";

test("median and quantiles", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8);
  expect(quantile([7], 0.95)).toBe(7);
  expect(() => median([])).toThrow(RangeError);
});
