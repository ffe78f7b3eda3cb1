import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("slowest first, with status and memory", async () => {
  const answer = await demo.ask<Answer & { runs: Row[] }>("get_cell_runs", { order: "slowest", limit: 3 });
  expect(answer).toMatchObject({ total: 18, returned: 3, truncated: true });
  const times = answer.runs.map(({ duration_ms }) => Number(duration_ms));
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(answer.runs[0]).toMatchObject({
    status: "completed",
    start_memory_mb: expect.any(Number),
    mode: "script",
  });
});

test("by cell, status and time", async () => {
  expect(
    await demo.ask<{ runs: Row[] }>("get_cell_runs", { cell: "broken", status: "failed" }),
  ).toMatchObject({ runs: [{ error_type: "KeyError" }, { error_type: "KeyError" }] });
  expect(await demo.ask<Answer>("get_cell_runs", { cell: "never" })).toMatchObject({
    total: 0,
    reason: expect.stringMatching(/^unknown/),
  });
  expect(await demo.ask<Answer>("get_cell_runs", { since: "2999-01-01T00:00:00Z" })).toMatchObject({
    total: 0,
  });
  expect(await demo.refused("get_cell_runs", { since: "yesterday" })).toMatchObject({
    code: "VALIDATION_ERROR",
  });
});

test("a cursor goes on where the page ended and belongs to its question", async () => {
  const first = await demo.call("get_cell_runs", { limit: 10 });
  const cursor = first.success ? first.page?.next_cursor : undefined;
  const rest = await demo.ask<Answer & { runs: Row[] }>("get_cell_runs", { limit: 10, cursor });
  expect(rest).toMatchObject({ returned: 8, truncated: false });
  expect(await demo.refused("get_cell_runs", { limit: 10, order: "memory", cursor })).toMatchObject({
    code: "CURSOR_EXPIRED",
  });
});
