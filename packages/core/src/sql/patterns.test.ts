import fc from "fast-check";
import { expect, test } from "vitest";
import { columnTest, matchesGlob, tableTest } from "./patterns.ts";

test.each([
  ["orders", "orders", true],
  ["orders", "Orders", false],
  ["ord*", "orders", true],
  ["*", "", true],
  ["*", "anything", true],
  ["?", "", false],
  ["o?d*s", "orders", true],
  ["*_log", "audit_log", true],
  ["*_log", "audit_logs", false],
  ["a*b*c", "a-b-b-c", true],
  ["", "", true],
  ["", "x", false],
])("the glob %j on %j is %s", (pattern, name, expected) => {
  expect(matchesGlob(pattern, name)).toBe(expected);
});

test("a glob means what the regular expression it stands for means", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }), (pattern, name) => {
      const source = pattern.replaceAll("*", ".*").replaceAll("?", ".");
      expect(matchesGlob(pattern, name)).toBe(new RegExp(`^${source}$`).test(name));
    }),
  );
});

test("a hostile glob is answered at once", () => {
  const started = performance.now();
  expect(matchesGlob(`${"a*".repeat(30)}c`, `${"a".repeat(5_000)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});

test.each([
  ["shop.orders", "shop", "orders", true],
  ["shop.orders", "hr", "orders", false],
  ["shop.*", "shop", "anything", true],
  ["orders", "hr", "orders", true],
  ["*.secret*", "hr", "secrets", true],
  ['"a.b".orders', "a.b", "orders", true],
  ['shop."or*"', "shop", "orders", false],
  ['shop."or*"', "shop", "or*", true],
  ['"sh""op".t', 'sh"op', "t", true],
])("the pattern %s on %s.%s is %s", (pattern, schema, name, expected) => {
  expect(tableTest(pattern)(schema, name)).toBe(expected);
});

test.each(["", "a.b.c", ".a", "a.", "a..b", '"open', "a b.c.d"])("the pattern %j is refused", (pattern) => {
  expect(() => tableTest(pattern)).toThrow(RangeError);
});

test("names are brought to one form before they are compared", () => {
  const fold = (name: string) => name.toLowerCase();
  expect(tableTest("Shop.ORD*", fold)("SHOP", "Orders")).toBe(true);
  expect(columnTest("EMail", fold)("email")).toBe(true);
  expect(columnTest('"*"')("x")).toBe(false);
  expect(columnTest("*_token")("api_token")).toBe(true);
});
