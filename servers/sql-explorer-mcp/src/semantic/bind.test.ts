import { expect, test } from "vitest";
import { model } from "../../test/support/models.ts";
import { relation, snapshot } from "../../test/support/snapshots.ts";
import { bindSemantic } from "./bind.ts";

const catalog = snapshot(
  relation("app.orders"),
  relation("old.orders"),
  relation("app.Items"),
  relation("app.items"),
  relation("app.customers"),
);

function bound(source: string, schemas: readonly string[]) {
  const bare = model(`name: m\nversion: "0.2"\ndatasets: [{name: d, source: '${source}'}]`);
  return bindSemantic(bare, catalog, schemas).datasets[0]?.source;
}

test("a bare name is the first schema's that has it", () => {
  expect(bound("orders", ["old", "app"])).toEqual({ schema: "old", table: "orders" });
  expect(bound("orders", ["app", "old"])).toEqual({ schema: "app", table: "orders" });
  expect(bound("orders", [])).toEqual({ table: "orders" });
});

test("another letter case fits when it can mean one table only", () => {
  expect(bound("DB.APP.CUSTOMERS", [])).toEqual({ database: "DB", schema: "app", table: "customers" });
  expect(bound("app.items", [])).toEqual({ schema: "app", table: "items" });
  expect(bound("app.ITEMS", [])).toEqual({ schema: "app", table: "ITEMS" });
});

test("what is not there stays as written", () => {
  expect(bound("app.gone", [])).toEqual({ schema: "app", table: "gone" });
});
