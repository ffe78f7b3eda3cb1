import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test.each(["cell", "session", "operation"])("by %s, most time first", async (group_by) => {
  const answer = await demo.ask<Answer & { groups: Row[] }>("get_performance", { group_by });
  const times = answer.groups.map(({ total_ms }) => Number(total_ms));
  expect(times.length).toBeGreaterThan(1);
  expect(times).toEqual([...times].sort((a, b) => b - a));
});

test("what the recording cost is told", async () => {
  const answer = await demo.ask<{ groups: Row[] }>("get_performance", { group_by: "session" });
  expect(Number(answer.groups[0]?.capture_overhead_ms)).toBeGreaterThan(0);
});
