import fc from "fast-check";
import { expect, test } from "vitest";
import { hasTooManyComments, withoutTrailingSemicolon } from "./text.ts";

const pieces = [
  "SELECT 1",
  "'a;b'",
  "'it''s;'",
  '"x;y"',
  "E'\\';'",
  "$$;$$",
  "$t$ $$ ; $t$",
  "-- c ;\n",
  "/* ; */",
  "/* /* ; */ ; */",
  " ",
  "\n",
  "name$1",
];

test("what is cut is semicolons, blanks and comments only", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces, ";"), { maxLength: 12 }),
      fc.array(fc.constantFrom(";", " ", "\n", "-- c ;\n", "/* ; */"), { maxLength: 6 }),
      (head, tail) => {
        const body = [...head, "x"].join(" ");
        const end = tail.indexOf(";");
        const kept = end < 0 ? tail : tail.slice(0, end);
        expect(withoutTrailingSemicolon(`${body} ${tail.join("")}`)).toBe(`${body} ${kept.join("")}`);
      },
    ),
  );
});

test("an open string or comment is left alone", () => {
  for (const sql of ["SELECT 'a;", 'SELECT "a;', "SELECT /* ;", "SELECT $$ ;"]) {
    expect(withoutTrailingSemicolon(sql)).toBe(sql);
  }
});

test("never throws and never grows", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (sql) => {
      expect(sql.startsWith(withoutTrailingSemicolon(sql))).toBe(true);
    }),
  );
});

test("counts comment openers", () => {
  expect(hasTooManyComments("/* */ ".repeat(256))).toBe(false);
  expect(hasTooManyComments("/* */ ".repeat(257))).toBe(true);
});
