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

test("the spec's tools, the last three hidden by default", () => {
  const shown = catalogue.tools.filter((tool) => tool.group === "lineage").map((tool) => tool.name);
  expect([...shown].sort()).toEqual(
    "query_memories inspect_schema list_notebooks get_cell_runs get_errors get_lineage get_column_lineage get_impact describe_dataframe compare_runs get_performance get_status"
      .split(" ")
      .sort(),
  );
  expect(catalogue.tools.filter((tool) => tool.group === "more").map((tool) => tool.name)).toEqual([
    "list_sessions",
    "get_lineage_paths",
    "export_openlineage",
  ]);
  expect(catalogue.tools.every((tool) => tool.annotations.readOnlyHint)).toBe(true);
});
