import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteName, quoteText } from "./quote.ts";

test("a name stays one name whatever is in it", () => {
  expect(quoteName('we"ird')).toBe('"we""ird"');
  expect(() => quoteName("")).toThrow(RangeError);
  expect(() => quoteName("a\0b")).toThrow(RangeError);
});

test("quotes inside a name are always doubled, so it never ends early", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((name) => !name.includes("\0")),
      (name) => {
        const inner = quoteName(name).slice(1, -1);
        expect(inner.replaceAll('""', "")).not.toContain('"');
        expect(inner.replaceAll('""', '"')).toBe(name);
      },
    ),
  );
});

test("backslashes in a constant are written so that no setting changes their meaning", () => {
  expect(quoteText("it's")).toBe("'it''s'");
  expect(quoteText("a\\'b")).toBe(" E'a\\\\''b'");
});
