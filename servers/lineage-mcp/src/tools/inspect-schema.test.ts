import { expect, test } from "vitest";
import { openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

import { tables } from "../store/schema.ts";
import { examples } from "./examples.ts";

test("every table and view with its columns and a question it answers", async () => {
  const answer = await demo.ask<{ tables: { name: string; examples: string[]; columns: string[] }[] }>(
    "inspect_schema",
    {},
  );
  const names = answer.tables.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      ...Object.keys(tables).filter((name) => name !== "meta"),
      "lineage_events",
      "vw_lineage_io",
      "vw_performance_metrics",
      "vw_dataframe_lineage",
      "df_ops",
    ]),
  );
  expect(answer.tables.every((table) => table.examples.length > 0 && table.columns.length > 0)).toBe(true);
  expect(Object.keys(examples).sort()).toEqual([...names].sort());
});

test.each(Object.entries(examples).flatMap(([name, list]) => list.map((sql) => [name, sql])))(
  "the example of %s runs: %s",
  async (_name, sql_query) => {
    await demo.ask("query_memories", { sql_query });
  },
);

test("one table in full, with samples on request; tables only on request", async () => {
  const one = await demo.ask<{ tables: Row[]; samples: Row[] }>("inspect_schema", {
    table_name: "cell_runs",
    include_samples: true,
  });
  expect(one.tables).toMatchObject([
    { name: "cell_runs", kind: "table", rows: 18, columns: expect.arrayContaining(["run_id VARCHAR"]) },
  ]);
  expect(one.samples).toHaveLength(3);
  const without = await demo.ask<{ tables: { kind: string }[] }>("inspect_schema", { include_views: false });
  expect(without.tables.every(({ kind }) => kind === "table")).toBe(true);
  expect(await demo.refused("inspect_schema", { table_name: "nope" })).toMatchObject({
    code: "NOT_FOUND",
    hint: expect.stringContaining("cell_runs"),
  });
});
