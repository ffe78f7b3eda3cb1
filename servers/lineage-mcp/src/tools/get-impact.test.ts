import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("a column's dependents with counts", async () => {
  const answer = await demo.ask<Answer & { counts: Row; affected: Row[] }>("get_impact", {
    node: "orders",
    column: "amount",
  });
  expect(answer.counts).toEqual({ datasets: 4, files: 1, columns: 5, cells: 4 });
  expect(answer.affected[0]).toMatchObject({
    label: "enriched",
    cell: "enrich",
    columns: ["amount", "euros"],
    confidence: expect.stringMatching(/^(exact|inferred|coarse)$/),
    distance: 1,
  });
});

test("a column that only filters touches all rows", async () => {
  const answer = await demo.ask<{ affected: Row[] }>("get_impact", { node: "orders", column: "quantity" });
  expect(answer.affected.find(({ label }) => label === "enriched")).toMatchObject({ all_rows: true });
});

test("a whole file, and something nothing uses", async () => {
  const answer = await demo.ask<Answer & { counts: Row }>("get_impact", { node: "orders.csv" });
  expect(answer.counts).toMatchObject({ files: 1 });
  expect(await demo.ask<Answer>("get_impact", { node: "ranked" })).toMatchObject({
    total: 0,
    reason: "nothing recorded uses it",
  });
});

test("a column there is not is no column without dependents", async () => {
  expect(await demo.refused("get_impact", { node: "orders", column: "amuont" })).toMatchObject({
    code: "NOT_FOUND",
    hint: expect.stringContaining("amount"),
  });
});
