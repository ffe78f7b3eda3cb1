import { expect, test } from "vitest";
import { formatOf, looksLikePattern, selectFrom, withoutExtension } from "./format.ts";

test("knows formats by their ending", () => {
  expect(
    ["a.csv", "a.CSV.GZ", "a.tsv", "a.parquet", "a.json", "a.jsonl", "a.ndjson.zst"].map(formatOf),
  ).toEqual(["csv", "csv", "tsv", "parquet", "json", "ndjson", "ndjson"]);
  expect(["a", "a.txt", "csv", "a.csv.bak", "a.duckdb"].map(formatOf)).toEqual(Array(5).fill(undefined));
  expect(withoutExtension("b/a.b.csv.gz")).toBe("b/a.b");
});

test("a quote in a path stays in the path", () => {
  expect(selectFrom("csv", "/x/it's.csv")).toBe("SELECT * FROM read_csv('/x/it''s.csv')");
});

test("names that readers would expand are told apart", () => {
  expect(["/a*.csv", "/a?.csv", "/[a].csv"].every(looksLikePattern)).toBe(true);
  expect(looksLikePattern("/a b/c-d_e.csv")).toBe(false);
});
