import { expect, test } from "vitest";
import { openTools } from "../../test/helpers/tool-bench.ts";

test("says that the platform answers and what budgets are left, without a token", async () => {
  const { ok, emulator } = await openTools();
  const seen = await ok("health_check");
  expect(seen).toMatchObject({
    environment: "EMULATOR",
    calls: 1,
    report: {
      platform: { reachable: true, status: "UP" },
      circuit: "closed",
      budgets: { tokens: { issued_last_24h: 0, limit: 2 }, question_runs: { used: 0, limit: 20 } },
    },
  });
  expect(emulator.tokens.granted).toEqual([]);
});

test("a platform that is away is a finding, not a failure", async () => {
  const { ok, emulator } = await openTools({ transport: { retries: 0 } });
  emulator.faults.set({ rate: 1, kinds: ["503"] });
  expect((await ok("health_check")).report.platform).toMatchObject({
    reachable: false,
    code: "UPSTREAM_ERROR",
  });
});
