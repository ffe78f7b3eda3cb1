import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("gives everything active as one text", async () => {
  await using library = await openLibrary();
  const { piece, functions, tools, chars } = await library.call("a", "export_library");
  expect([functions, tools, chars]).toEqual([3, 2, piece.length]);
  expect(JSON.parse(piece).tools[0].name).toBe("analyze_performance");
});
