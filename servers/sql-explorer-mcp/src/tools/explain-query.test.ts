import { expect, test } from "vitest";
import { openShop } from "../../test/support/explorer.ts";

interface Explained {
  plan: string[];
  relations: string[];
  execution_ms?: number;
}

const sql = "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.country = 'SE'";

test("the plan in short, the relations, and real numbers only when analysed", async () => {
  await using shop = await openShop();
  const plain = await shop.ask<Explained>("explain_query", { sql });
  expect(plain.plan.join("\n")).toMatch(/Seq Scan on main\.orders/);
  expect([...plain.relations].sort()).toEqual(["main.customers", "main.orders"]);
  expect(plain.execution_ms).toBeUndefined();
  const analysed = await shop.ask<Explained>("explain_query", { sql, analyze: true });
  expect(analysed.plan.join("\n")).toMatch(/actual rows=/);
});

test("what query refuses, explain refuses", async () => {
  await using shop = await openShop({ exclude_tables: ["customers"] });
  expect(await shop.refused("explain_query", { sql })).toMatchObject({
    details: { reason: "table_not_allowed" },
  });
  expect(await shop.refused("explain_query", { sql: "DELETE FROM orders", analyze: true })).toMatchObject({
    details: { reason: "forbidden_statement" },
  });
});
