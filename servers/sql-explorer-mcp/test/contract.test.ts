import { join } from "node:path";
import { checkCatalogue, snapshotDrift } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { catalogue } from "../src/catalogue.ts";

const root = join(import.meta.dirname, "..");

test("the catalogue keeps what every server promises", () => {
  const report = checkCatalogue({ catalogue, testFolders: [join(root, "src/tools")] });
  expect(report.problems).toEqual([]);
});

test("no public definition changed unnoticed", () => {
  expect(snapshotDrift({ folder: join(root, "test/tools"), tools: catalogue.tools })).toEqual([]);
});

test("the read group is the spec's eight tools with its argument names", () => {
  const shape = catalogue.tools
    .filter((tool) => tool.group === "read")
    .map((tool) => [tool.name, ...Object.keys(tool.input.shape)].join(" "));
  expect(shape).toEqual([
    "list_sources",
    "list_tables source schema pattern kinds detail cursor limit",
    "describe_table source schema table samples",
    "search_schema source query kinds limit",
    "get_metadata source schema sections cursor",
    "query source sql params max_rows timeout_ms format cursor",
    "explain_query source sql params analyze",
    "validate_query source sql params",
  ]);
});
