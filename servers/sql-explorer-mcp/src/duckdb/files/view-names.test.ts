import fc from "fast-check";
import { expect, test } from "vitest";
import { viewNames } from "./view-names.ts";

test("names follow paths", () => {
  expect(
    viewNames(["sales.csv", "2024/eu/sales report.csv", "Ünïcode.parquet", "x.ndjson.gz", "---.csv"]),
  ).toEqual(["sales", "t_2024_eu_sales_report", "Ünïcode", "x", "file"]);
});

test("a taken name gets its format, then a number", () => {
  expect(viewNames(["a.csv", "a.json", "a.csv.gz", "A.csv"])).toEqual(["a", "a_json", "a_csv", "A_2"]);
});

test("always one name each, different without regard to case, in need of no quotes", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { maxLength: 20 }), (paths) => {
      const names = viewNames(paths.map((path) => `${path}.csv`));
      expect(names).toHaveLength(paths.length);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(paths.length);
      for (const name of names) expect(name).toMatch(/^[\p{L}][\p{L}\p{N}_]*$/u);
    }),
  );
});
