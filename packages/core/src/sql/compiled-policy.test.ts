import { expect, test } from "vitest";
import { compilePolicy } from "./compiled-policy.ts";

test("no schema is implied", () => {
  const policy = compilePolicy({ schemas: ["shop"] });
  expect(policy.table("shop", "orders")).toBe("allowed");
  expect(policy.table("public", "orders")).toBe("schema");
  expect(compilePolicy({ schemas: [] }).table("public", "orders")).toBe("schema");
});

test("an exclude list wins over an allow list, whatever the order of names", () => {
  const policy = compilePolicy({
    schemas: ["shop"],
    allowTables: ["shop.orders", "shop.pay*"],
    excludeTables: ["payments"],
  });
  expect(policy.table("shop", "orders")).toBe("allowed");
  expect(policy.table("shop", "payouts")).toBe("allowed");
  expect(policy.table("shop", "payments")).toBe("excluded");
  expect(policy.table("shop", "customers")).toBe("table");
});

test("an allow list does not open a schema", () => {
  expect(compilePolicy({ schemas: ["shop"], allowTables: ["hr.people"] }).table("hr", "people")).toBe(
    "schema",
  );
});

test("column rules of every fitting pattern hold together; deny wins over mask", () => {
  const policy = compilePolicy({
    schemas: ["shop"],
    columns: { "*.*": { deny: ["*_token"] }, "shop.users": { mask: ["email", "api_token"] } },
  });
  const users = policy.columns("shop", "users");
  expect(users?.("email")).toBe("mask");
  expect(users?.("api_token")).toBe("deny");
  expect(users?.("id")).toBeUndefined();
  expect(policy.columns("shop", "orders")?.("email")).toBeUndefined();
  expect(policy.columns("shop", "orders")?.("x_token")).toBe("deny");
  expect(
    compilePolicy({ schemas: [], columns: { "a.b": { deny: ["x"] } } }).columns("a", "c"),
  ).toBeUndefined();
});

test("trusted views and extra functions are told; an empty prefix opens nothing", () => {
  const policy = compilePolicy({
    schemas: ["shop"],
    trustedViews: ["shop.v_*"],
    functions: { allow: ["geo.near"], allowPrefixes: ["", "st_"] },
  });
  expect(policy.trustedView("shop", "v_totals")).toBe(true);
  expect(policy.trustedView("shop", "orders")).toBe(false);
  expect([...policy.extraFunctions]).toEqual(["geo.near"]);
  expect(policy.extraPrefixes).toEqual(["st_"]);
});

test("the size cap is 64 KiB unless set", () => {
  expect(compilePolicy({ schemas: [] }).maxSqlBytes).toBe(65_536);
  expect(compilePolicy({ schemas: [], maxSqlBytes: 10 }).maxSqlBytes).toBe(10);
});

test("folding makes names meet regardless of case", () => {
  const policy = compilePolicy({ schemas: ["Shop"], excludeTables: ["SHOP.Secrets"] }, (name) =>
    name.toLowerCase(),
  );
  expect(policy.schema("SHOP")).toBe(true);
  expect(policy.table("shop", "SECRETS")).toBe("excluded");
});
