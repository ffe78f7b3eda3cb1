import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openExplorer, openShop, tempFolder } from "../../test/support/explorer.ts";

interface Described {
  columns: { name: string; access?: string; samples?: string[]; comment?: string; note?: string }[];
  foreign_keys: object[];
  referenced_by: { table: string }[];
}

test("columns, keys both ways, checks, enum values, comments and samples", async () => {
  await using shop = await openShop();
  const orders = await shop.ask<Described>("describe_table", { table: "orders" });
  expect(orders).toMatchObject({
    schema: "main",
    name: "orders",
    kind: "table",
    row_counts: "estimates",
    primary_key: ["id"],
    foreign_keys: [{ columns: ["customer_id"], references: "main.customers", referenced_columns: ["id"] }],
    referenced_by: [{ table: "main.order_items", columns: ["order_id"], referenced_columns: ["id"] }],
  });
  const status = orders.columns.find(({ name }) => name === "status");
  expect(status).toMatchObject({
    nullable: false,
    enum_values: ["placed", "paid", "shipped", "delivered", "returned"],
  });
  expect(status?.samples?.length).toBeGreaterThan(0);
  expect(orders.columns.at(-1)).toMatchObject({ comment: "Empty until the parcel arrived." });
  const products = await shop.ask<{ checks: { expression: string }[] }>("describe_table", {
    table: "main.products",
  });
  expect(products.checks.map(({ expression }) => expression).join()).toContain("price");
});

test("no samples when not wanted, when turned off, and never of denied, masked or sensitive columns", async () => {
  using folder = tempFolder();
  writeFileSync(
    join(folder.path, "people.csv"),
    "id,api_key,note,city,author\n1,k-123,n1,Oslo,Ann\n2,k-456,n2,Rome,Bob\n",
  );
  await using explorer = openExplorer({
    sources: [
      {
        id: "files",
        kind: "files",
        path: folder.path,
        columns: { people: { deny: ["note"], mask: ["city"] } },
        samples: { deny_patterns: ["id"] },
      },
    ],
  });
  const people = await explorer.ask<Described>("describe_table", { table: "people" });
  expect(people.columns.map(({ name, access, samples }) => [name, access, samples?.length])).toEqual([
    ["id", undefined, undefined],
    ["api_key", undefined, undefined],
    ["note", "denied", undefined],
    ["city", "masked", undefined],
    ["author", undefined, 2],
  ]);
  expect(JSON.stringify(people)).not.toMatch(/k-123|Oslo/);
  const bare = await explorer.ask<Described>("describe_table", { table: "people", samples: false });
  expect(bare.columns.every(({ samples }) => samples === undefined)).toBe(true);
});

test("a wrong name is answered with other letter case first, then near names, then what there is", async () => {
  await using shop = await openShop();
  expect(await shop.refused("describe_table", { table: "ORDERS" })).toMatchObject({
    code: "NOT_FOUND",
    details: { suggestions: expect.arrayContaining(["main.orders"]) },
  });
  const typo = await shop.refused("describe_table", { table: "custmers" });
  expect(typo.details).toEqual({ suggestions: ["main.customers"] });
  const nothing = await shop.refused("describe_table", { table: "zzzzzzzzz" });
  expect(nothing.hint).toMatch(/^Tables: main\.categories, /);
});

test("an excluded table is as absent as one that never was, also as a neighbour", async () => {
  await using shop = await openShop({ exclude_tables: ["customers"] });
  const hidden = await shop.refused("describe_table", { table: "customers" });
  expect(hidden.code).toBe("NOT_FOUND");
  expect(JSON.stringify(hidden)).not.toContain("main.customers");
  const orders = await shop.ask<Described>("describe_table", { table: "orders" });
  expect(orders.foreign_keys).toEqual([]);
});

test("annotations are merged in; hidden related tables are not named", async () => {
  using folder = tempFolder();
  const file = join(folder.path, "notes.yaml");
  writeFileSync(
    file,
    [
      "tables:",
      "  orders:",
      "    description: Checkouts, test orders included.",
      "    owner: sales",
      "    column_notes: {status: returned means money back}",
      "    related_tables:",
      "      - {table: main.order_items, join_hint: orders.id = order_items.order_id}",
      "      - {table: main.customers}",
    ].join("\n"),
  );
  await using shop = await openShop({ annotations: file, exclude_tables: ["customers"] });
  const orders = await shop.ask<Described>("describe_table", { table: "orders" });
  expect(orders).toMatchObject({
    description: expect.stringContaining("Checkouts, test orders included."),
    annotations: { owner: "sales", related_tables: [{ table: "main.order_items" }] },
  });
  expect(orders.columns.find(({ name }) => name === "status")?.note).toBe("returned means money back");
  expect(JSON.stringify(orders)).not.toContain("main.customers");
});

test("a file that appears after the start is found on the first miss", async () => {
  using folder = tempFolder();
  writeFileSync(join(folder.path, "a.csv"), "x\n1\n");
  await using explorer = openExplorer({ sources: [{ id: "files", kind: "files", path: folder.path }] });
  await explorer.ask("describe_table", { table: "a" });
  writeFileSync(join(folder.path, "b.csv"), "y\n2\n");
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await explorer.ask<Described>("describe_table", { table: "b" })).toMatchObject({
    columns: [{ name: "y" }],
  });
});
