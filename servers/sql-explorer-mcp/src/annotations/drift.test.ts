import { expect, test } from "vitest";
import { relation, snapshot } from "../../test/support/snapshots.ts";
import { annotationDrift } from "./drift.ts";
import { parseAnnotations } from "./load.ts";

const shop = snapshot(
  relation("app.orders", ["id", "customer_id", "amount"]),
  relation("app.customers", ["id", "email"]),
  relation("hr.salaries", ["id", "amount"]),
);

function drift(tables: Record<string, unknown>, isVisible?: (schema: string, table: string) => boolean) {
  return annotationDrift(parseAnnotations({ tables }, "x"), shop, isVisible);
}

test("names that exist give nothing", () => {
  expect(
    drift({
      "app.orders": { column_notes: { amount: "net" }, related_tables: ["customers", "app.customers"] },
      customers: {},
    }),
  ).toEqual([]);
});

test("unknown tables, columns and related tables are told with the nearest name", () => {
  expect(
    drift({
      "app.order": {},
      customers: { column_notes: { e_mail: "x" }, related_tables: ["app.ordres", "nowhere"] },
    }),
  ).toEqual([
    'Annotations: there is no table "app.order" (did you mean "app.orders"?).',
    'Annotations of "customers": there is no column "e_mail" (did you mean "email"?).',
    'Annotations of "customers": there is no related table "app.ordres" (did you mean "app.orders"?).',
    'Annotations of "customers": there is no related table "nowhere".',
  ]);
});

test("a reader learns nothing of hidden tables", () => {
  const warnings = drift(
    {
      "hr.salaries": { column_notes: { salry: "x" } },
      salaries: { related_tables: ["hr.bonus"] },
      "hr.bonus": {},
      "app.salarie": {},
      orders: { related_tables: ["hr.salaries", "hr.bonus"] },
    },
    (schema) => schema === "app",
  );
  expect(warnings).toEqual(['Annotations: there is no table "app.salarie".']);
});

test("the number is bounded", () => {
  const tables = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`gone_${at}`, {}]));
  expect(drift(tables)).toHaveLength(21);
  expect(drift(tables).at(-1)).toBe("… and 280 more of this kind.");
});
