import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";
import { openRecorded } from "../../test/support/recorded.ts";
import { twoNotebooks } from "../../test/support/two-notebooks.ts";

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
  [{ run_a: "x", run_b: "y", cell: "enrich" }, "unknown"],
  [{ run_a: "x" }, "unknown"],
])("refused: %j", async (args, reason) => {
  const error = await demo.refused("compare_runs", args);
  expect(error.code).toBe("NOT_FOUND");
  expect(error.details?.reason).toBe(reason);
});

test("one of the two is enough: its neighbour is the other", async () => {
  const runs = await demo.ask<{ runs: Row[] }>("get_cell_runs", { cell: "enrich" });
  const [later, earlier] = runs.runs.map(({ run_id }) => run_id);
  const both = { run_a: earlier, run_b: later };
  expect(await demo.ask("compare_runs", { run_b: later })).toMatchObject(both);
  expect(await demo.ask("compare_runs", { run_a: earlier })).toMatchObject(both);
  expect(await demo.ask("compare_runs", { run_b: earlier })).toMatchObject(both);
  const sessions = { run_a: runs.runs[1]?.session_id, run_b: runs.runs[0]?.session_id };
  expect(await demo.ask("compare_runs", { run_b: sessions.run_b })).toMatchObject({ ...sessions, total: 9 });
  expect(await demo.ask("compare_runs", { ...sessions, cell: "enrich" })).toMatchObject({ total: 1 });
});

test("a run and a session cannot be compared", async () => {
  const { runs } = await demo.ask<{ runs: Row[] }>("get_cell_runs", { cell: "enrich" });
  const error = await demo.refused("compare_runs", { run_a: runs[1]?.run_id, run_b: runs[0]?.session_id });
  expect(error).toMatchObject({ code: "VALIDATION_ERROR", message: "run_a is a run and run_b a session." });
});

test("the latest two are of one notebook, even where another has cells of the same names", async () => {
  await using two = openRecorded(twoNotebooks());
  for (const args of [{}, { cell: "enrich" }]) {
    const error = await two.refused("compare_runs", args);
    expect(error.details?.reason).toBe("ran_once");
    const answer = await two.ask<Answer>("compare_runs", { ...args, notebook: "/srv/demo/shop.py" });
    expect(answer.total).toBeGreaterThan(0);
  }
});
