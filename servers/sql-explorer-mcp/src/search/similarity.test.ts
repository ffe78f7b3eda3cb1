import fc from "fast-check";
import { expect, test } from "vitest";
import { dice, editDistance, forgiven, trigrams } from "./similarity.ts";

test.each([
  ["customer", "customer", 0],
  ["custmer", "customer", 1],
  ["emial", "email", 1],
  ["", "ab", 2],
  ["kitten", "sitting", 3],
])("%s to %s takes %i", (a, b, distance) => {
  expect(editDistance(a, b, 5)).toBe(distance);
  expect(editDistance(a, b, 0)).toBe(Math.min(distance, 1));
});

test("distance is symmetric, zero for equals only, and stops at its limit", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.nat({ max: 4 }), (a, b, max) => {
      const whole = editDistance(a, b, 20);
      expect(editDistance(b, a, 20)).toBe(whole);
      expect(whole === 0).toBe(a === b);
      expect(editDistance(a, b, max)).toBe(Math.min(whole, max + 1));
    }),
  );
});

test("shared trigrams: all, some, none", () => {
  expect(dice(trigrams("order"), "order")).toBe(1);
  expect(dice(trigrams("order"), "orders")).toBeGreaterThan(0.6);
  expect(dice(trigrams("order"), "xyz")).toBe(0);
});

test("short words must be right", () => {
  expect([3, 4, 7, 8].map(forgiven)).toEqual([0, 1, 1, 2]);
});
