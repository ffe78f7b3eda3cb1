import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

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
