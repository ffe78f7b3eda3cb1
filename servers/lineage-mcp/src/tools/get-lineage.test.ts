import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("upstream of a frame down to its files, with the cells between", async () => {
  const answer = await demo.ask<
    Answer & { root: string[]; nodes: Row[]; edges: Row[]; depth_reached: boolean }
  >("get_lineage", { node: "summary", depth: 0 });
  expect(answer.nodes.map(({ label }) => label).sort()).toEqual([
    "enriched",
    "orders",
    "orders.csv",
    "rates",
    "summary",
  ]);
  expect(answer.edges).toContainEqual(
    expect.objectContaining({
      from: expect.stringMatching(/orders$/),
      to: expect.stringMatching(/enriched$/),
      cell: "enrich",
      distance: 2,
    }),
  );
  expect(answer.depth_reached).toBe(false);
});

test("a depth that ends before the sources says so", async () => {
  const answer = await demo.ask<Answer & { depth_reached: boolean; total: number }>("get_lineage", {
    node: "summary",
    depth: 1,
  });
  expect(answer).toMatchObject({ total: 1, depth_reached: true });
});

test("downstream, both, and a file by its name", async () => {
  const down = await demo.ask<{ nodes: Row[] }>("get_lineage", {
    node: "orders.csv",
    direction: "downstream",
    depth: 0,
  });
  expect(down.nodes.map(({ label }) => label)).toEqual(
    expect.arrayContaining(["orders", "enriched", "summary", "ranked", "summary.csv"]),
  );
  const both = await demo.ask<{ nodes: Row[] }>("get_lineage", {
    node: "enriched",
    direction: "both",
    depth: 1,
  });
  expect(both.nodes.map(({ label }) => label).sort()).toEqual([
    "enriched",
    "orders",
    "ranked",
    "rates",
    "summary",
  ]);
});

test("between cells, and down to operations", async () => {
  const cells = await demo.ask<{ edges: Row[] }>("get_lineage", { node: "save", level: "cell", depth: 0 });
  expect(cells.edges).toContainEqual({ from: "summarise", to: "save", through: ["summary"] });
  const ops = await demo.ask<{ edges: Row[] }>("get_lineage", { node: "enriched", level: "op", depth: 1 });
  expect(ops.edges.map(({ op }) => op)).toEqual(
    expect.arrayContaining(["merge", "__mul__", "set_item", "rename"]),
  );
  expect(ops.edges).toContainEqual(
    expect.objectContaining({ cell: "enrich", op: "rename", output: "enriched", rows: 3 }),
  );
});

test("columns on request", async () => {
  const answer = await demo.ask<{ edges: Row[] }>("get_lineage", {
    node: "summary",
    depth: 1,
    include_columns: true,
  });
  expect(answer.edges).toContainEqual(
    expect.objectContaining({
      from_column: "euros",
      to_column: "total",
      subtype: "AGGREGATION",
      confidence: "exact",
    }),
  );
});

test("pages hold every edge once", async () => {
  const all = await demo.ask<{ edges: Row[]; total: number }>("get_lineage", { node: "summary", depth: 0 });
  const seen: Row[] = [];
  let cursor: string | undefined;
  do {
    const answer = await demo.call("get_lineage", {
      node: "summary",
      depth: 0,
      limit: 2,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (!answer.success) throw new Error(answer.error.message);
    seen.push(...(answer.data as { edges: Row[] }).edges);
    cursor = answer.page?.next_cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(all.edges);
});

test("what is not known is NOT_FOUND with near names; a source says that nothing made it", async () => {
  expect(await demo.refused("get_lineage", { node: "sumary" })).toMatchObject({
    code: "NOT_FOUND",
    hint: expect.stringContaining("summary"),
    details: { reason: "unknown" },
  });
  expect(await demo.ask<Answer>("get_lineage", { node: "orders.csv" })).toMatchObject({
    total: 0,
    reason: expect.stringContaining("nothing recorded made it"),
  });
  expect(await demo.refused("get_lineage", { node: "summary", notebook: "other.py" })).toMatchObject({
    code: "NOT_FOUND",
  });
});
