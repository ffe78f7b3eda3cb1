import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("the latest two sessions: code, rows and what stayed", async () => {
  const answer = await demo.ask<Answer & { changes: Row[] }>("compare_runs");
  expect(answer.total).toBe(9);
  const enrich = answer.changes.find(({ cell }) => cell === "enrich");
  expect(enrich).toMatchObject({
    code: [expect.stringMatching(/^- .*> 1/), expect.stringMatching(/^\+ .*> 2/)],
    datasets: [{ name: "enriched", rows: [4, 3] }],
  });
  expect(answer.changes.find(({ cell }) => cell === "load_orders")).not.toHaveProperty("code");
});

test("two runs of one cell", async () => {
  const answer = await demo.ask<Answer & { changes: Row[] }>("compare_runs", { cell: "summarise" });
  expect(answer.changes).toMatchObject([
    {
      cell: "summarise",
      status: ["completed", "completed"],
      duration_ms: [expect.any(Number), expect.any(Number)],
    },
  ]);
});

test.each([
  [{ cell: "never" }, "never_ran"],
  [{ run_a: "x", run_b: "y", cell: "enrich" }, undefined],
])("refused: %j", async (args, reason) => {
  const error = await demo.refused("compare_runs", args);
  expect(error.code).toBe("NOT_FOUND");
  expect(error.details?.reason).toBe(reason);
});
