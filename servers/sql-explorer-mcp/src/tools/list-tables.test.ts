import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openExplorer, openShop, tempFolder } from "../../test/support/explorer.ts";

const shop = await openShop();
afterAll(() => shop[Symbol.asyncDispose]());

interface Listing {
  tables: {
    schema: string;
    name: string;
    kind: string;
    row_estimate?: number | null;
    description?: string;
  }[];
  row_counts?: string;
}

test("names and summary: estimates are marked, descriptions come from comments", async () => {
  const summary = await shop.ask<Listing>("list_tables");
  expect(summary.row_counts).toBe("estimates");
  expect(summary.tables.map(({ name, kind }) => [name, kind])).toEqual([
    ["categories", "table"],
    ["customers", "table"],
    ["monthly_revenue", "view"],
    ["order_items", "table"],
    ["orders", "table"],
    ["products", "table"],
    ["reviews", "table"],
  ]);
  expect(summary.tables[4]).toMatchObject({
    schema: "main",
    row_estimate: 2_000,
    description: "One row per checkout.",
  });
  const names = await shop.ask<Listing>("list_tables", { detail: "names", kinds: ["view"] });
  expect(names).toMatchObject({ tables: [{ schema: "main", name: "monthly_revenue", kind: "view" }] });
  expect(names.tables[0]).not.toHaveProperty("row_estimate");
});

test.each([
  ["ORDER", ["order_items", "orders"]],
  ["order*", ["order_items", "orders"]],
  ["*s", ["categories", "customers", "order_items", "orders", "products", "reviews"]],
  ["o?ders", ["orders"]],
  ["nothing-like-it", []],
])("pattern %s", async (pattern, expected) => {
  const { tables } = await shop.ask<Listing>("list_tables", { pattern, detail: "names" });
  expect(tables.map(({ name }) => name)).toEqual(expected);
});

test("pages join up, and a cursor serves only the call it came from", async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await shop.call("list_tables", { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    if (!answer.success) throw new Error(JSON.stringify(answer));
    expect(answer.page?.total).toBe(7);
    seen.push(...(answer.data as unknown as Listing).tables.map(({ name }) => name));
    cursor = answer.page?.next_cursor;
    if (cursor !== undefined && seen.length === 3) {
      expect(await shop.refused("list_tables", { limit: 3, pattern: "o", cursor })).toMatchObject({
        code: "CURSOR_EXPIRED",
      });
      const stranger = { id: "other", scopes: ["*"], method: "api_key" } as const;
      expect(await shop.refused("list_tables", { limit: 3, cursor }, stranger)).toMatchObject({
        code: "CURSOR_EXPIRED",
      });
    }
  } while (cursor !== undefined);
  expect(seen).toHaveLength(7);
  expect(new Set(seen).size).toBe(7);
});

test("an unknown schema, source or limit says what there is", async () => {
  expect(await shop.refused("list_tables", { schema: "mian" })).toMatchObject({
    code: "NOT_FOUND",
    hint: "Did you mean main?",
  });
  expect(await shop.refused("list_tables", { source: "shp" })).toMatchObject({
    code: "NOT_FOUND",
    hint: "Sources: shop.",
  });
  expect(await shop.refused("list_tables", { limit: 0 })).toMatchObject({ code: "VALIDATION_ERROR" });
});

test("an empty folder is an empty list, not an error", async () => {
  using folder = tempFolder();
  await using explorer = openExplorer({ sources: [{ id: "files", kind: "files", path: folder.path }] });
  expect(await explorer.ask<Listing>("list_tables")).toMatchObject({ tables: [] });
});

test("300 files come page by page under the result cap", async () => {
  using folder = tempFolder();
  for (let i = 0; i < 300; i += 1)
    writeFileSync(join(folder.path, `table_with_a_long_name_${i}.csv`), "a,b\n1,2\n");
  await using explorer = openExplorer({ sources: [{ id: "files", kind: "files", path: folder.path }] });
  const answer = await explorer.call("list_tables", { limit: 1_000 });
  expect(JSON.stringify(answer).length).toBeLessThanOrEqual(40_000);
  expect(answer).toMatchObject({ success: true, page: { has_more: true, total: 300 } });
});
