import { expect, test } from "vitest";
import { clipName, listNames } from "./names.ts";
import { checkText } from "./text.ts";

test("size counts bytes, not characters", () => {
  expect(checkText("éé", 4)).toBeUndefined();
  expect(checkText("ééx", 4)).toMatchObject({ reason: "too_large", details: { bytes: 5, max_bytes: 4 } });
});

test.each(["a\0b", "\ud800", "x\udc00y", "\ud83d"])("%j is not acceptable text", (sql) => {
  expect(checkText(sql, 100)?.reason).toBe("parse_error");
});

test("whole surrogate pairs are ordinary characters", () => {
  expect(checkText("SELECT '😀'", 100)).toBeUndefined();
});

test("names in messages are short, on one line and few", () => {
  expect(clipName(`a\nb\u2028${"c".repeat(200)}`)).toMatch(/^a b c{75}…$/);
  expect(listNames([])).toBe("none");
  expect(listNames(["a", "b", "c"], 2)).toBe("a, b and 1 more");
});
