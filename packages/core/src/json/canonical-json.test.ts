import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value).reverse())
    copy[key] = shuffled((value as Record<string, unknown>)[key]);
  return copy;
};

test("says the same for every order of keys, and loses nothing JSON keeps", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(shuffled(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("two values have the same text only when JSON cannot tell them apart", () => {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 1 }), fc.jsonValue({ maxDepth: 1 }), (a, b) => {
      expect(canonicalJson(a) === canonicalJson(b)).toBe(isDeepStrictEqual(plain(a), plain(b)));
    }),
    { numRuns: 500 },
  );
  expect(canonicalJson(["1"])).not.toBe(canonicalJson([1]));
  expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
});

test("leaves undefined members out, turns undefined items into null and honours toJSON", () => {
  expect(canonicalJson({ b: undefined, a: [undefined], d: new Date(0) })).toBe(
    '{"a":[null],"d":"1970-01-01T00:00:00.000Z"}',
  );
});

test("a hostile depth is a validation error, not a stack overflow", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(() => canonicalJson(deep)).toThrow(expect.objectContaining({ code: "VALIDATION_ERROR" }));
});

test("a bigint is refused rather than rounded", () => {
  expect(() => canonicalJson({ n: 1n })).toThrow(TypeError);
});
