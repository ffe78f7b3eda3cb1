import { expect, test } from "vitest";
import { model, shopModel, shopSnapshot } from "../../test/support/models.ts";
import { bindSemantic } from "./bind.ts";
import { datasetsOf, fieldsOf, piiOf } from "./lookup.ts";

test("datasets and fields by table and column", async () => {
  const shop = bindSemantic(await shopModel(), shopSnapshot, ["app"]);
  const [orders] = datasetsOf(shop, "app", "orders");
  expect(orders?.name).toBe("orders");
  expect(datasetsOf(shop, "old", "orders")).toEqual([]);
  expect(orders && fieldsOf(orders, "PLACED_AT").map(({ name }) => name)).toEqual(["placed_at"]);
  // `net` is computed: no column.
  expect(orders && fieldsOf(orders, "net")).toEqual([]);
});

test("the strictest word on a column counts", async () => {
  const shop = bindSemantic(await shopModel(), shopSnapshot, ["app"]);
  expect(piiOf(shop, "app", "customers", "email")).toBe("mask");
  expect(piiOf(shop, "app", "customers", "id")).toBe("none");
  const ext = (pii: string) => `[{vendor_name: SQL_EXPLORER, data: {pii: ${pii}}}]`;
  const twice = model(`
version: "0.2"
name: m
datasets:
  - {name: a, source: app.customers, fields: [{name: e, expression: email, custom_extensions: ${ext("mask")}}]}
  - {name: b, source: app.customers, fields: [{name: e, expression: email, custom_extensions: ${ext("deny")}}]}
`);
  expect(piiOf(twice, "app", "customers", "email")).toBe("deny");
});
