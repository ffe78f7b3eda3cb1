import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("compiles, tells needs, runs cases and a sample, and knows when each gives the same", async () => {
  await using library = await openLibrary();
  const told = await library.call("a", "test_program", {
    program: "analyze_trends(.data; $w) | length", dataset: "metrics", arguments: { w: 7 }, cases: [{ input: { data: [1, 2] }, arguments: { w: 1 }, expect: [2] }, { input: { data: [] }, arguments: { w: 1 }, expect: [9] }],
  });
  expect(told).toMatchObject({ valid: true, functions: ["analyze_trends/2"], parameters: ["w"], sample: [24], cases: [{ ok: true }, { ok: false, got: [0] }] });
  const same = await library.call("a", "test_program", { program: ".[]?, numbers", cases: [{ input: [], expect: [] }] });
  expect(same.each_gives_the_same).toBe(true);
  await expect(library.call("a", "test_program", { program: "(" })).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
});
