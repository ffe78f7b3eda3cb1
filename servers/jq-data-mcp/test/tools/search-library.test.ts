import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("finds by words in names and descriptions, the best first, and counts all", async () => {
  await using library = await openLibrary();
  const found = await library.call("a", "search_library", { query: "moving averages" });
  expect(found.results[0]).toMatchObject({ kind: "function", name: "analyze_trends", arity: 2, parameters: ["data", "window"] });
  expect(await library.call("a", "search_library", { limit: 2 })).toMatchObject({ total: 5, results: [{}, {}] });
  expect(await library.call("a", "search_library", { query: "zzzz" })).toMatchObject({ total: 0, results: [] });
  expect((await library.call("a", "search_library", { kind: "tool" })).total).toBe(2);
});
