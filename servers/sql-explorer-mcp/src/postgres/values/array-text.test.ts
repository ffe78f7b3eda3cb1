import fc from "fast-check";
import { expect, test } from "vitest";
import { formatArray, parseArray } from "./array-text.ts";

test.each([
  ["{}", []],
  ["{1,2,NULL}", ["1", "2", null]],
  ['{"a b","NULL","c\\"d","e\\\\f",""}', ["a b", "NULL", 'c"d', "e\\f", ""]],
  [
    "{{1,2},{3,4}}",
    [
      ["1", "2"],
      ["3", "4"],
    ],
  ],
  ["[0:1]={x,y}", ["x", "y"]],
  ["[-1:0][2:2]={{x},{y}}", [["x"], ["y"]]],
])("%s", (text, values) => {
  expect(parseArray(text, ",", (item) => item)).toEqual(values);
});

test("another delimiter is the type's own", () => {
  expect(parseArray("{(1,1),(0,0);(2,2),(1,1)}", ";", (item) => item)).toEqual([
    "(1,1),(0,0)",
    "(2,2),(1,1)",
  ]);
});

test.each(["", "{", "{1", '{"a', "{1}}", "x", "{1},2"])("%j is refused", (text) => {
  expect(() => parseArray(text, ",", String)).toThrow(SyntaxError);
});

test("what is written is read back the same", () => {
  const values = fc.array(fc.oneof(fc.string(), fc.constant(null), fc.constant("NULL")));
  fc.assert(
    fc.property(values, (items) => {
      expect(
        parseArray(
          formatArray(items, (item) => item as string | null),
          ",",
          String,
        ),
      ).toEqual(items);
    }),
  );
});
