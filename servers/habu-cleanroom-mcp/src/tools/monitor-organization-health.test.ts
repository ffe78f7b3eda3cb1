import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

const tool = "monitor_organization_health";

test("scores rooms, questions, connections, runs and invitations across the organisation", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool);
  expect(report.rooms).toHaveLength(7);
  expect(report.scorecard).toMatchObject({ connections: 40, invitations: 0, overall: expect.any(Number) });
});

test("shows execution patterns and bottlenecks", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool);
  expect(report.runs.runs).toBeGreaterThan(15);
  expect(report.bottlenecks.failing).toEqual([expect.objectContaining({ room: "CR-1003", failed: 1 })]);
  expect(report.bottlenecks.connections).toHaveLength(3);
});

test("recommends what to do", async () => {
  const { ok } = await openTools();
  const { report } = await ok(tool);
  expect(report.recommendations.join(" ")).toMatch(/Legacy Exports.*failed run.*cannot run.*ines\.gold/s);
});

test("stays within its budget of calls and says what it did not see", async () => {
  const { ok, emulator } = await openTools();
  const [first] = emulator.world.rooms;
  if (first !== undefined)
    for (let n = 0; n < 80; n += 1)
      emulator.world.rooms.push({
        ...first,
        id: `room-${n}`,
        displayId: `CR-${2000 + n}`,
        name: `Bulk ${n}`,
        flows: [],
      });
  const seen = await ok(tool);
  expect(seen.calls).toBeLessThanOrEqual(150);
  expect(seen.report.coverage[0]).toContain("30 of 87 rooms");
});

test("a second look costs no call", async () => {
  const { ok } = await openTools();
  await ok(tool);
  expect((await ok(tool)).calls).toBe(0);
});
