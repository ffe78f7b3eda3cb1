import { expect, test } from "vitest";
import { openLibrary } from "../support/open.ts";

test("tells the shape of lists and documents, and which modes fit", async () => {
  await using library = await openLibrary();
  expect(await library.call("a", "describe_dataset", { name: "sales" })).toMatchObject({
    layout: "elements", sampled: 240, shape: { properties: { revenue: { types: ["number"] } } }, modes: ["whole", "each", "reduce"],
  });
  expect(await library.call("a", "describe_dataset", { name: "metrics" })).toMatchObject({ layout: "document", shape: { properties: { data: { items: { types: ["number"] } } } } });
  await expect(library.call("a", "describe_dataset", { name: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
