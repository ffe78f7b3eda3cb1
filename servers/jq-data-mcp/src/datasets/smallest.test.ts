import fc from "fast-check";
import { expect, test } from "vitest";
import { createSmallest } from "./smallest.ts";

test("whatever order keys come in, the smallest behind a place are taken, in order", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string()),
      fc.integer({ min: 1, max: 20 }),
      fc.option(fc.string()),
      (keys, most, after) => {
        const smallest = createSmallest<string>(most, after ?? undefined);
        for (const key of keys) smallest.add(key, `of ${key}`);
        const expected = [...keys]
          .filter((key) => after === null || key > after)
          .sort((a, b) => (a < b ? -1 : 1));
        expect(smallest.taken()).toEqual(expected.slice(0, most).map((key) => ({ key, value: `of ${key}` })));
      },
    ),
  );
});
