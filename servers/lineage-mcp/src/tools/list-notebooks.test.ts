import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Answer, openDemo, type Row } from "../../test/support/demo.ts";
import { openRecorded, tempFolder } from "../../test/support/recorded.ts";

const demo = openDemo();

test("a recorded notebook with its runs and failures", async () => {
  const answer = await demo.ask<Answer & { notebooks: Row[] }>("list_notebooks");
  expect(answer).toMatchObject({ total: 1, returned: 1, truncated: false, ingest_lag_ms: 0 });
  expect(answer.notebooks[0]).toMatchObject({ path: "/srv/demo/shop.py", sessions: 2, runs: 18, failed: 2 });
});

test("an empty home says why", async () => {
  const root = tempFolder();
  mkdirSync(join(root, "none"));
  await using empty = openRecorded(join(root, "none"), root);
  expect(await empty.ask<Answer>("list_notebooks")).toMatchObject({
    total: 0,
    reason: expect.stringMatching(/^never ran/),
  });
});
