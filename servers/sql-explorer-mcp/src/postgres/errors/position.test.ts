import { expect, test } from "vitest";
import { callerPosition } from "./position.ts";

test.each([
  ["8", "SELECT x", 0, 8],
  ["38", "SELECT x", 30, 8],
  ["9", "SELECT x", 0, 9],
  ["10", "SELECT x", 0, undefined],
  ["3", "SELECT x", 30, undefined],
  ["11", "SELECT '🐘', x", 0, 11],
  [undefined, "SELECT x", 0, undefined],
])("position %s of %j behind %i characters is %s", (position, text, at, own) => {
  expect(callerPosition(position, { text, at })).toBe(own);
});

test("a statement of ours has no place in the caller's text", () => {
  expect(callerPosition("3", undefined)).toBeUndefined();
});
