import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("all columns of a frame in one call, both ends present", async () => {
  const answer = await demo.ask<Answer & { edges: Row[]; influences: Row[]; without_source: string[] }>(
    "get_column_lineage",
    { dataset: "enriched", depth: 1 },
  );
  expect(
    answer.edges.map(
      ({ from_column, to_column, transformation }) => `${from_column}>${to_column} ${transformation}`,
    ),
  ).toEqual(
    expect.arrayContaining([
      "cust>customer IDENTITY",
      "amount>euros TRANSFORMATION",
      "rate>euros TRANSFORMATION",
      "rate>rate IDENTITY",
    ]),
  );
  expect(
    answer.edges.every(
      ({ from, to, confidence }) => from !== undefined && to !== undefined && confidence === "exact",
    ),
  ).toBe(true);
  expect(answer.influences.map(({ from_column, kind }) => `${from_column} ${kind}`).sort()).toEqual([
    "currency JOIN",
    "currency JOIN",
    "quantity FILTER",
  ]);
  expect(answer.without_source).toEqual([]);
});

test("SQL is worked out to columns", async () => {
  const answer = await demo.ask<{ edges: Row[]; influences: Row[] }>("get_column_lineage", {
    dataset: "ranked",
    depth: 1,
  });
  expect(
    answer.edges.map(({ from_column, to_column, transformation, confidence }) => [
      from_column,
      to_column,
      transformation,
      confidence,
    ]),
  ).toEqual([
    ["euros", "best", "AGGREGATION", "exact"],
    ["customer", "customer", "IDENTITY", "exact"],
  ]);
  expect(answer.influences.map(({ kind, from_column }) => `${kind} ${from_column}`).sort()).toEqual([
    "FILTER quantity",
    "GROUP_BY customer",
    "SORT customer",
  ]);
});

test("one column through several frames, up and down", async () => {
  const up = await demo.ask<{ edges: Row[] }>("get_column_lineage", {
    dataset: "summary.csv",
    column: "total",
    depth: 0,
  });
  expect(up.edges.at(-1)).toMatchObject({
    from_column: expect.stringMatching(/amount|rate/),
    distance: expect.any(Number),
  });
  expect(up.edges.some(({ from }) => String(from).endsWith("orders.csv"))).toBe(true);
  const down = await demo.ask<{ edges: Row[] }>("get_column_lineage", {
    dataset: "orders.csv",
    column: "amount",
    direction: "downstream",
    depth: 0,
  });
  expect(
    down.edges.some(({ to, to_column }) => String(to).endsWith("summary.csv") && to_column === "total"),
  ).toBe(true);
});

test("what was computed outside our view is not called exact, and confidence_min hides it", async () => {
  expect(await demo.ask("get_column_lineage", { dataset: "pf" })).toMatchObject({
    total: 0,
    without_source: [],
    unseen_source: ["customer", "euros"],
    reason: expect.stringContaining("not captured"),
  });
  const version = await demo.ask<{ confidence: string }>("describe_dataframe", { name: "pf" });
  expect(version.confidence).toBe("inferred");
});

test.each([
  [{ dataset: "enriched", column: "nope" }, "NOT_FOUND", "euros"],
  [{ dataset: "broken" }, "NOT_FOUND", "made no frame and wrote no file"],
  [{ dataset: "enriched", colum: "x" }, "VALIDATION_ERROR", ""],
])("refused: %j", async (args, code, hint) => {
  const error = await demo.refused("get_column_lineage", args);
  expect(error.code).toBe(code);
  expect(error.hint ?? "").toContain(hint);
});
