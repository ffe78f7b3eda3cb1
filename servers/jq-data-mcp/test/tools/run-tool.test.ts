import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("runs with defaults and typed arguments, and refuses what does not fit", async () => {
  await using library = await openLibrary();
  const run = (more: object) => library.call("a", "run_tool", { name: "trend_analysis", dataset: "metrics", ...more });
  expect((await run({})).values[0].trends).toHaveLength(24);
  expect((await run({ arguments: { window_size: 10 } })).values[0].trends).toHaveLength(21);
  for (const window_size of [0, 1.5, "7", null]) await expect(run({ arguments: { window_size } })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  await expect(run({ arguments: { other: 1 } })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  await expect(run({ dataset: "sales" })).rejects.toMatchObject({ details: { reason: "dataset" } });
  await expect(run({ dataset: undefined })).rejects.toMatchObject({ details: { reason: "dataset" } });
  await expect(run({ name: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
