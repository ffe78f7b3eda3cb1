import { isToolError } from "@mcp-data/core";
import { expect, test } from "vitest";
import { needsTypes, paramTexts } from "./params.ts";
import type { ServerTypes } from "./types.ts";

const types: ServerTypes = new Map([
  [23, { name: "integer", delimiter: "," }],
  [1007, { name: "integer[]", delimiter: ",", element: 23 }],
  [114, { name: "json", delimiter: "," }],
  [199, { name: "json[]", delimiter: ",", element: 114 }],
]);

test("single values need no type", () => {
  expect(needsTypes(["a", 1, true, null])).toBe(false);
  expect(paramTexts(["a", 1.5, true, null])).toEqual(["a", "1.5", "true", null]);
});

test("arrays and objects take the form of the type the server inferred", () => {
  expect(needsTypes([[1]])).toBe(true);
  expect(paramTexts([[1, null, 2]], { oids: [1007], types })).toEqual(['{"1",NULL,"2"}']);
  expect(paramTexts([{ a: [1] }, [1]], { oids: [114, 114], types })).toEqual(['{"a":[1]}', "[1]"]);
  expect(paramTexts([[{ a: 1 }, null]], { oids: [199], types })).toEqual(['{"{\\"a\\":1}",NULL}']);
});

test.each([
  [{ a: 1 }, [23], "an object"],
  [[1], [23], "an array"],
  [[{ a: 1 }], [1007], "holds a value"],
  ["a\0b", [25], "NUL"],
] as const)("%j for type %j is refused by name", (value, oids, words) => {
  expect.assertions(2);
  try {
    paramTexts(["first", value], { oids: [25, ...oids], types });
  } catch (error) {
    if (!isToolError(error)) throw error;
    expect(error.code).toBe("VALIDATION_ERROR");
    expect(error.message).toMatch(new RegExp(`\\$2.*${words}`));
  }
});
