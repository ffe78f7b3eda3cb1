import { expect, test } from "vitest";
import { openDemo, type Row } from "../../test/support/demo.ts";

const demo = openDemo();

test("the owner reads its files and nothing was refused", async () => {
  const answer = await demo.ask<{ ingest: Row; recorder: Row; capture: Row; demo: boolean }>("get_status");
  expect(answer.ingest).toMatchObject({
    role: "owner",
    tailer: "running",
    events: 174,
    dead_letters: 0,
    backlog_bytes: 0,
    files: 6,
  });
  expect(answer.recorder).toMatchObject({ dropped: 0, runs: 18 });
  expect(answer.capture).toMatchObject({ state: "installed" });
});
