import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("an unused library suggests nothing", async () => {
  await using library = await openLibrary();
  expect((await library.call("admin", "suggest_improvements")).suggestions).toEqual([]);
});
