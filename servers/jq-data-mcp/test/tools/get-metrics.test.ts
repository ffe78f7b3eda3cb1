import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("tells the engine's state, and calls once there are some", async () => {
  await using library = await openLibrary();
  expect(await library.call("a", "get_metrics")).toMatchObject({ tools: [], daily: [], engine: { version: "1.8.2", busy: 0 } });
  await library.call("a", "run_tool", { name: "trend_analysis", dataset: "metrics" });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect((await library.call("a", "get_metrics")).tools).toMatchObject([{ item: "tool:trend_analysis", calls: 1, errors: 0, users: 1 }]);
});
