import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("imports what can be and tells the rest; a placeholder that cannot be converted is placed", async () => {
  await using library = await openLibrary();
  const { results } = await library.call("admin", "import_library", {
    functions: [{ name: "later", definition: "def later: sooner;" }, { name: "sooner", definition: "def sooner: 1;" }, { name: "bad", definition: "def bad: nowhere;" }],
  });
  expect(results.map(({ item, outcome }: { item: string; outcome: string }) => `${item} ${outcome}`).sort()).toEqual([
    "function:bad/0 failed", "function:later/0 created", "function:sooner/0 created",
  ]);
  await expect(library.call("admin", "import_library", { tools: [{ name: "x", query: ".\n| .${y}" }] })).rejects.toMatchObject({ details: { line: 2 } });
});
