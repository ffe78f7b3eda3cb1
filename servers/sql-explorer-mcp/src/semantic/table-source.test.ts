import { expect, test } from "vitest";
import { parseTableSource, sourceName } from "./table-source.ts";

test.each([
  ["orders", { table: "orders" }],
  ["app.orders", { schema: "app", table: "orders" }],
  ["db.app.orders", { database: "db", schema: "app", table: "orders" }],
  ['"my.schema"."Order ""Items"""', { schema: "my.schema", table: 'Order "Items"' }],
  [" sales-2024 ", { table: "sales-2024" }],
  ["日本.注文", { schema: "日本", table: "注文" }],
])("%s", (text, expected) => {
  expect(parseTableSource(text)).toEqual(expected);
});

test.each(["", "SELECT 1", "a.b.c.d", "a.", ".a", 'a"b', "a;b", "f(x)", '""', "(select 1)"])(
  "%s is no table",
  (text) => {
    expect(parseTableSource(text)).toBeUndefined();
  },
);

test("a name as people write it", () => {
  expect(sourceName({ database: "d", schema: "s", table: "t" })).toBe("s.t");
  expect(sourceName({ table: "t" })).toBe("t");
});
