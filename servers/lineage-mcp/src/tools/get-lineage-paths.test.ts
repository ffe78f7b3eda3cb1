import { expect, test } from "vitest";
import { type Answer, openDemo } from "../../test/support/demo.ts";

const demo = openDemo();

test("from file to file, and from column to column", async () => {
  const files = await demo.ask<Answer & { paths: { steps: string[] }[] }>("get_lineage_paths", {
    from: "orders.csv",
    to: "summary.csv",
  });
  expect(files.paths[0]?.steps.map((step) => step.split("/").at(-1))).toEqual([
    "orders.csv",
    "orders",
    "enriched",
    "summary",
    "summary.csv",
  ]);
  const columns = await demo.ask<{ paths: { steps: string[] }[] }>("get_lineage_paths", {
    from: "orders",
    to: "summary",
    from_column: "amount",
    to_column: "total",
  });
  expect(columns.paths[0]?.steps.map((step) => step.split("/").at(-1))).toEqual([
    "orders.amount",
    "enriched.euros",
    "summary.total",
  ]);
});

test("no way is an empty answer with its reason", async () => {
  expect(await demo.ask<Answer>("get_lineage_paths", { from: "summary", to: "orders" })).toMatchObject({
    total: 0,
    reason: expect.stringContaining("nothing recorded leads"),
  });
});
