import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("shows a function in full with who calls it, and says what does not exist", async () => {
  await using library = await openLibrary();
  expect(await library.call("a", "get_function", { name: "analyze_trends" })).toMatchObject({ arity: 2, called_by: ["tool:trend_analysis"], number: 1 });
  await expect(library.call("a", "get_function", { name: "analyze_trends", arity: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
