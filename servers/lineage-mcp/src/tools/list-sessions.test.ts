import { afterAll, expect, test } from "vitest";
import { openRecorded } from "../../test/support/recorded.ts";

const demo = openRecorded();
afterAll(() => demo[Symbol.asyncDispose]());

interface Answer {
  total: number;
  returned: number;
  truncated: boolean;
  reason?: string;
  as_of: string;
  ingest_lag_ms: number;
}
type Row = Record<string, unknown>;

test("newest first, with versions and how each ended", async () => {
  const answer = await demo.ask<Answer & { sessions: Row[] }>("list_sessions", { notebook: "shop.py" });
  expect(answer.total).toBe(2);
  expect(answer.sessions[0]).toMatchObject({
    mode: "script",
    end_reason: "ended",
    runs: 9,
    failed: 1,
    marimo_version: expect.any(String),
  });
  expect(String(answer.sessions[0]?.started_at) > String(answer.sessions[1]?.started_at)).toBe(true);
});
