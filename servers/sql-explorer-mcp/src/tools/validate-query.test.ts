import { expect, test } from "vitest";
import { openShop } from "../../test/support/explorer.ts";

interface Validated {
  verdict: string;
  reason?: string;
  hint?: string;
  tables: string[];
}

test("an accepted statement: what it touches, and nothing is read", async () => {
  await using shop = await openShop();
  expect(await shop.ask<Validated>("validate_query", { sql: "SELECT max(id) FROM orders" })).toMatchObject({
    verdict: "accepted",
    tables: ["main.orders"],
    functions: ["max"],
    estimated_rows: 1,
  });
});

test.each([
  ["DROP TABLE orders", "forbidden_statement"],
  ["SELECT * FROM customers", "table_not_allowed"],
  ["SELECT missing FROM orders", "query_error"],
  ["SELECT FROM WHERE", "parse_error"],
])("%s is rejected as %s, as an answer and not a failure", async (sql, reason) => {
  await using shop = await openShop({ exclude_tables: ["customers"] });
  expect(await shop.ask<Validated>("validate_query", { sql })).toMatchObject({ verdict: "rejected", reason });
});
