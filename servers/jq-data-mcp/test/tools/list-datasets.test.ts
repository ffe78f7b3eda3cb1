import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("lists what may be read, with its size and format", async () => {
  await using library = await openLibrary();
  const { datasets } = await library.call("a", "list_datasets");
  expect(datasets.map(({ name, format }: { name: string; format: string }) => [name, format])).toEqual([
    ["metrics", "json"], ["products", "ndjson"], ["sales", "json"], ["timeseries", "json"],
  ]);
});
