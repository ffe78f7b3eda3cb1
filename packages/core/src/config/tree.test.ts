import fc from "fast-check";
import { expect, test } from "vitest";
import { mapText, merge, nest, valueAt, withValue } from "./tree.ts";

const key = fc.oneof(
  fc.constantFrom("a", "b", "__proto__", "constructor", "toString"),
  fc.string({ minLength: 1 }),
);
const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer()));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(fc.tuple(key, tie("tree"))).map((entries) => Object.fromEntries(entries)),
  ),
}));
const isMapping = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

test("merging: the upper layer always wins, the lower one shows through, neither is changed", () => {
  fc.assert(
    fc.property(tree, tree, (under, over) => {
      const before = JSON.stringify([under, over]);
      const merged = merge(under, over);
      const check = (low: unknown, high: unknown, out: unknown): void => {
        if (!isMapping(low) || !isMapping(high)) {
          expect(out).toEqual(high);
          return;
        }
        const names = new Set([...Object.keys(low), ...Object.keys(high)]);
        expect(new Set(Object.keys(out as object))).toEqual(names);
        for (const name of names) {
          const inner = valueAt(out, [name]);
          if (!Object.hasOwn(high, name)) expect(inner).toEqual(valueAt(low, [name]));
          else if (!Object.hasOwn(low, name)) expect(inner).toEqual(valueAt(high, [name]));
          else check(valueAt(low, [name]), valueAt(high, [name]), inner);
        }
      };
      check(under, over, merged);
      expect(JSON.stringify([under, over])).toBe(before);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    }),
    { numRuns: 500 },
  );
});

test("a value put at a path is found there and nowhere else", () => {
  const throughList = (root: unknown, path: readonly string[]) =>
    path.some((_, at) => Array.isArray(valueAt(root, path.slice(0, at))));
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), tree, leaf, (path, root, value) => {
      fc.pre(!throughList(root, path));
      expect(valueAt(nest(path, value), path)).toEqual(value);
      const changed = withValue(root, path, value);
      expect(valueAt(changed, path)).toEqual(value);
      if (isMapping(root)) {
        for (const name of Object.keys(root)) {
          if (name !== path[0]) expect(valueAt(changed, [name])).toEqual(valueAt(root, [name]));
        }
      }
    }),
  );
});

test("text is changed in lists and mappings alike, with its path", () => {
  const seen: unknown[] = [];
  const root = { a: ["x", { b: "y" }], c: 1, d: null };
  const changed = mapText(root, (text, path) => {
    seen.push(path);
    return text.toUpperCase();
  });
  expect(changed).toEqual({ a: ["X", { b: "Y" }], c: 1, d: null });
  expect(seen).toEqual([
    ["a", 0],
    ["a", 1, "b"],
  ]);
});
