import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openExplorer, openShop, tempFolder } from "../../test/support/explorer.ts";

test("a source tells its kind, schemas, limits and what the policy withholds, without naming it", async () => {
  await using shop = await openShop({
    exclude_tables: ["customers"],
    columns: { reviews: { deny: ["body"] } },
    limits: { max_rows: 50 },
  });
  const { sources } = await shop.ask<{ sources: object[] }>("list_sources");
  expect(sources).toEqual([
    {
      id: "shop",
      kind: "duckdb",
      dialect: "DuckDB",
      description: "A made-up shop: customers, products, orders, reviews.",
      available: true,
      schemas: ["main"],
      tables: 6,
      limits: { max_rows: 50, hard_max_rows: 10_000, timeout_ms: 30_000, max_cell_chars: 2_000 },
      policy: { statements: "one SELECT per call", withheld_relations: 1, denied_column_rules: 1 },
      catalog_age_seconds: expect.any(Number),
    },
  ]);
  expect(JSON.stringify(sources)).not.toContain('customers"');
});

test("a source that does not answer is listed with the reason, and the others stay usable", async () => {
  using folder = tempFolder();
  writeFileSync(join(folder.path, "a.csv"), "x\n1\n");
  await using explorer = openExplorer({
    sources: [
      { id: "down", kind: "postgres", dsn: "postgres://reader@127.0.0.1:1/secretdb" },
      { id: "files", kind: "files", path: folder.path },
    ],
  });
  const answer = await explorer.call("list_sources");
  expect(answer).toMatchObject({
    success: true,
    data: {
      sources: [
        { id: "down", available: false },
        { id: "files", available: true, tables: 1 },
      ],
    },
    warnings: [expect.stringMatching(/^Source down: CONNECTION_ERROR: /)],
  });
  expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|secretdb|reader/);
});
