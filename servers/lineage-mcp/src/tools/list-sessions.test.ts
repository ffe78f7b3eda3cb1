import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";
import { demoFolder, openRecorded } from "../../test/support/recorded.ts";

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

test("a kernel that was killed says nothing, and is not called live", async () => {
  await using tools = openRecorded(null);
  await tools.ask("get_status");
  const name = readdirSync(demoFolder).find((each) => each.endsWith("_runtime.jsonl")) ?? "";
  const start = JSON.parse(readFileSync(join(demoFolder, name), "utf8").split("\n")[0] ?? "") as Row;
  for (const [at, pid] of [process.pid, 2 ** 22 + 1].entries()) {
    const event = { ...start, pid, event_id: `01a1f8fb-0000-7000-8000-00000000000${at}` };
    const session = { session_id: `0000000${at}`, session_uuid: `01a1f8fb-0000-7000-8000-0000${at}0000000` };
    writeFileSync(
      join(tools.home.events, `live_${at}_runtime.jsonl`),
      `${JSON.stringify({ ...event, ...session })}\n`,
    );
  }
  const { sessions } = await tools.ask<{ sessions: Row[] }>("list_sessions");
  const live = Object.fromEntries(sessions.map((session) => [session.session_id, session.live]));
  expect(live).toEqual({ "00000000": true, "00000001": false });
  const status = await tools.ask<{ sessions: Row[] }>("get_status");
  expect(status.sessions).toHaveLength(2);
});
