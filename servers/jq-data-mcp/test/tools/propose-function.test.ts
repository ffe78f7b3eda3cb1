import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("tells what a change would break, before anybody votes", async () => {
  await using library = await openLibrary();
  const { breaks, tests } = await library.call("a", "propose_function", { definition: "def analyze_trends($data; $window): [1];", justification: "shorter" });
  expect([breaks, tests]).toEqual([["tool:trend_analysis"], { passed: 0, failed: 0 }]);
  await expect(library.call("a", "propose_function", { definition: "def x: 1", justification: "no end" })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
});
