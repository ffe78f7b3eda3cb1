import { expect, test } from "vitest";
import { openShop } from "../../test/support/explorer.ts";

interface Found {
  results: { kind: string; table: string; column?: string; score: number }[];
}

test("words, misspelt ones too, find tables and columns, best first", async () => {
  await using shop = await openShop();
  const { results } = await shop.ask<Found>("search_schema", { query: "custmer emial" });
  expect(results[0]).toMatchObject({ kind: "column", table: "customers", column: "email" });
  expect(results.map(({ score }) => score)).toEqual(results.map(({ score }) => score).sort((a, b) => b - a));
  const comments = await shop.ask<Found>("search_schema", {
    query: "parcel arrived",
    kinds: ["column"],
    limit: 1,
  });
  expect(comments.results).toMatchObject([{ table: "orders", column: "delivered_at" }]);
});

test("nothing found is said, hidden tables are not found, and bad arguments are refused", async () => {
  await using shop = await openShop({ exclude_tables: ["reviews"] });
  expect(await shop.call("search_schema", { query: "qqqqqq" })).toMatchObject({
    success: true,
    data: { results: [] },
    warnings: ["Nothing fits; try other words or list_tables."],
  });
  const { results } = await shop.ask<Found>("search_schema", { query: "reviews stars" });
  expect(results.filter(({ table }) => table === "reviews")).toEqual([]);
  expect(await shop.refused("search_schema", { query: "" })).toMatchObject({ code: "VALIDATION_ERROR" });
});
