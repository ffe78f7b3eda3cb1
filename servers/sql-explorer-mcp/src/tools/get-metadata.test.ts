import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openExplorer, openShop, tempFolder } from "../../test/support/explorer.ts";

interface Metadata {
  level?: string;
  tables?: { name: string; columns: unknown }[];
  relationships?: { from: string; to: string }[];
  semantic?: object;
}

test("a small catalog comes whole: tables with columns and the relationships between them", async () => {
  await using shop = await openShop();
  const metadata = await shop.ask<Metadata>("get_metadata");
  expect(metadata.level).toBe("full");
  expect(metadata.tables).toHaveLength(7);
  expect(metadata.relationships?.map(({ from, to }) => `${from} ${to}`).sort()).toEqual([
    "main.order_items main.orders",
    "main.order_items main.products",
    "main.orders main.customers",
    "main.products main.categories",
    "main.reviews main.customers",
    "main.reviews main.products",
  ]);
  expect(metadata).not.toHaveProperty("semantic");
});

test("only the wanted sections", async () => {
  await using shop = await openShop();
  const metadata = await shop.ask<Metadata>("get_metadata", { sections: ["relationships"] });
  expect(metadata.tables).toBeUndefined();
  expect(metadata.relationships).toHaveLength(6);
  expect(await shop.refused("get_metadata", { sections: ["rows"] })).toMatchObject({
    code: "VALIDATION_ERROR",
  });
});

test("the semantic layer is part of it, cut to what the caller may see", async () => {
  using folder = tempFolder();
  const file = join(folder.path, "model.yaml");
  writeFileSync(
    file,
    [
      "entities:",
      "  order: {table: orders, primary_key: id, description: A checkout, columns: {status: {description: Where it stands}}}",
      "  customer: {table: customers, primary_key: id, columns: {email: {pii: true}}}",
    ].join("\n"),
  );
  await using shop = await openShop({ semantic: file, exclude_tables: ["customers"] });
  const { semantic } = await shop.ask<Metadata>("get_metadata", { sections: ["semantic"] });
  expect(JSON.stringify(semantic)).toContain("A checkout");
  expect(JSON.stringify(semantic)).not.toContain("customer");
});

test("a large catalog is summarised and paged, every table exactly once, always under the cap", async () => {
  using folder = tempFolder();
  const header = Array.from({ length: 12 }, (_, i) => `column_number_${i}`).join(",");
  for (let i = 0; i < 400; i += 1)
    writeFileSync(join(folder.path, `measurements_of_station_${i}.csv`), `${header}\n`);
  await using explorer = openExplorer({ sources: [{ id: "files", kind: "files", path: folder.path }] });
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const answer = await explorer.call("get_metadata", cursor === undefined ? {} : { cursor });
    if (!answer.success) throw new Error(JSON.stringify(answer));
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(40_000);
    const data = answer.data as unknown as Metadata;
    expect(data.level).toBe("names");
    for (const { name } of data.tables ?? []) {
      expect(seen.has(name)).toBe(false);
      seen.add(name);
    }
    cursor = answer.page?.next_cursor;
  } while (cursor !== undefined);
  expect(seen.size).toBe(400);
});
