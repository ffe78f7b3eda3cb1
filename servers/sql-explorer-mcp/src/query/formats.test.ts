import { expect, test } from "vitest";
import type { Cell } from "../engine/engine.ts";
import { formatter } from "./formats.ts";

const columns = [
  { name: "id", type: "integer" },
  { name: "no|te", type: "text" },
];
const rows: Cell[][] = [
  [1, 'say "hi", a|b\\c\nline\ttab'],
  [2, null],
];

test("rows and objects keep values and their types", () => {
  expect(formatter("rows", columns).render(rows)).toEqual({ rows });
  expect(formatter("objects", columns).render(rows)).toEqual({
    rows: [
      { id: 1, "no|te": rows[0]?.[1] },
      { id: 2, "no|te": null },
    ],
  });
});

test("a column called __proto__ is a value like any other", () => {
  const out = formatter("objects", [{ name: "__proto__", type: "text" }]).render([["x"]]);
  expect(JSON.stringify(out)).toBe('{"rows":[{"__proto__":"x"}]}');
});

test("csv quotes by RFC 4180", () => {
  expect(formatter("csv", columns).render(rows)).toEqual({
    text: 'id,no|te\n1,"say ""hi"", a|b\\c\nline\ttab"\n2,',
  });
});

test("tsv has one line per row: breaks, tabs and backslashes are escaped", () => {
  expect(formatter("tsv", columns).render(rows)).toEqual({
    text: 'id\tno|te\n1\tsay "hi", a|b\\\\c\\nline\\ttab\n2\t',
  });
});

test("markdown escapes pipes and keeps rows on one line", () => {
  expect(formatter("markdown", columns).render(rows)).toEqual({
    text: '| id | no\\|te |\n| --- | --- |\n| 1 | say "hi", a\\|b\\\\c<br>line\ttab |\n| 2 |  |',
  });
});

test("sizes are what the row adds to the answer's JSON", () => {
  for (const format of ["rows", "objects", "csv", "tsv", "markdown"] as const) {
    const writer = formatter(format, columns);
    const all = JSON.stringify(writer.render(rows)).length;
    const one = JSON.stringify(writer.render(rows.slice(0, 1))).length;
    expect(writer.size(rows[1] ?? [])).toBeGreaterThanOrEqual(all - one - 1);
  }
});
