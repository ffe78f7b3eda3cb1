import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "./export-file.ts";
import { createWriter, csvCell } from "./formats.ts";

test("no CSV cell begins with what a spreadsheet runs, and numbers stay numbers", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (value) => {
      const cell = csvCell(value);
      const bare = cell.startsWith('"') ? cell.slice(1) : cell;
      expect(/^\s*[=+@]/.test(bare)).toBe(false);
      expect(/^\s*-/.test(bare) && !/^-\d+(\.\d+)?"?$/.test(bare)).toBe(false);
      if (cell.startsWith('"')) expect(cell.slice(1, -1).replaceAll('""', "")).not.toContain('"');
      else expect(cell).not.toMatch(/[",\r\n]/);
    }),
  );
  expect(["-5", "-5.25", "12", "-"].map(csvCell)).toEqual(["-5", "-5.25", "12", "'-"]);
  expect(["＝1+1", "＠SUM(A1)", "\n=1"].map(csvCell)).toEqual(["'＝1+1", "'＠SUM(A1)", `"'\n=1"`]);
});

test("JSON written in parts is one list, whatever the sizes of the parts", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.record({ a: fc.string() }), { maxLength: 3 }), { maxLength: 5 }),
      (pages) => {
        const writer = createWriter("json", [{ name: "a", type: "STRING" }]);
        const text = writer.head() + pages.map((page) => writer.rows(page)).join("") + writer.tail();
        expect(JSON.parse(text)).toEqual(pages.flat());
      },
    ),
  );
});

test("a file name that is taken is plain, without folders, and ends as its format does", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (given) => {
      try {
        expect(fileName(given, "csv")).toMatch(/^[A-Za-z0-9][A-Za-z0-9._ -]*\.csv$/i);
      } catch (error) {
        expect(error).toMatchObject({ code: "VALIDATION_ERROR" });
      }
    }),
  );
  expect(fileName("Out.CSV", "csv")).toBe("Out.CSV");
});
