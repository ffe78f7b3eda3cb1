import fc from "fast-check";
import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const names = [
  "orders",
  "Orders",
  "order_items",
  "customers",
  "customer_addresses",
  "products",
  "event_log",
  "a",
];

test.each([
  ["ORDERS", ["Orders", "orders"]],
  ["orderitems", ["order_items"]],
  ["order-item", ["order_items"]],
  ["custmers", ["customers"]],
  ["custoemrs", ["customers"]],
  ["prodcut", ["products"]],
  ["address", ["customer_addresses"]],
  ["events_log", ["event_log"]],
])("%s means %j first", (name, expected) => {
  expect(suggest(name, names).slice(0, expected.length)).toEqual(expected);
});

test("nothing near, nothing asked, nothing to choose from", () => {
  expect(suggest("zzqqxx", names)).toEqual([]);
  expect(suggest("  ", names)).toEqual([]);
  expect(suggest("orders", [])).toEqual([]);
});

test("other letter case comes before all else, at most five, each once, in any order of candidates", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "_", "s", "É"), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 30 }), (name, others) => {
      const upper = name.toUpperCase();
      const candidates = [...others, upper];
      const found = suggest(name, candidates);
      expect(found[0]?.toLowerCase()).toBe(name.toLowerCase());
      expect(found.length).toBeLessThanOrEqual(5);
      expect(new Set(found).size).toBe(found.length);
      for (const one of found) expect(candidates).toContain(one);
      expect(suggest(name, candidates.toReversed())).toEqual(found);
    }),
  );
});

test("a huge name is only looked at in part", () => {
  expect(suggest("order".repeat(100_000), ["o".repeat(100_000), "orders"])).toBeInstanceOf(Array);
});
