import { expect, test } from "vitest";
import { readPlan } from "./plan.ts";

test("reads a planned tree", () => {
  const json = JSON.stringify([
    {
      name: "HASH_JOIN",
      extra_info: { "Join Type": "INNER", Conditions: ["a = b", "c = d"], "Estimated Cardinality": "40" },
      children: [
        {
          name: "SEQ_SCAN ",
          extra_info: { Table: 'db.main."odd.name"', Filters: "x>1", "Estimated Cardinality": "7" },
          children: [],
        },
        { name: "READ_CSV", extra_info: { "Filename(s)": "/secret/path.csv" } },
      ],
    },
  ]);
  const plan = readPlan(json);
  expect(plan).toEqual({
    plan: {
      node: "Hash Join INNER",
      filter: "a = b AND c = d",
      rows: 40,
      children: [
        { node: "Seq Scan", relation: "main.odd.name", filter: "x>1", rows: 7 },
        { node: "Read Csv" },
      ],
    },
    relations: ["main.odd.name"],
    estimatedRows: 40,
  });
  expect(JSON.stringify(plan)).not.toContain("/secret");
});

test("reads a measured tree", () => {
  const scan = {
    operator_name: "SEQ_SCAN",
    operator_cardinality: 3,
    operator_timing: 0.0015,
    extra_info: {},
  };
  const json = JSON.stringify({
    latency: 0.25,
    children: [{ operator_name: "EXPLAIN_ANALYZE", children: [scan] }],
  });
  expect(readPlan(json)).toEqual({
    plan: { node: "Seq Scan", actualRows: 3, actualMs: 1.5 },
    relations: [],
    executionMs: 250,
  });
});

test("no plan is an error", () => {
  expect(() => readPlan("[]")).toThrow(expect.objectContaining({ code: "QUERY_ERROR" }));
});
