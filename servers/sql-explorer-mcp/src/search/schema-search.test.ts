import fc from "fast-check";
import { expect, test } from "vitest";
import { shopModel, shopSnapshot } from "../../test/support/models.ts";
import { relation } from "../../test/support/snapshots.ts";
import { noAnnotations } from "../annotations/annotation.ts";
import { parseAnnotations } from "../annotations/load.ts";
import type { Relation } from "../catalog/snapshot.ts";
import { bindSemantic } from "../semantic/bind.ts";
import { createSchemaSearch, type SearchOptions, type SearchResult } from "./schema-search.ts";

const catalog: readonly Relation[] = [
  relation("app.addresses", ["id", "customer_id", "street", "city", "postcode"]),
  relation("app.customers", [
    "id",
    "full_name",
    { name: "email", type: "text", nullable: false, comment: "Where receipts are sent." },
    "createdAt timestamptz",
  ]),
  relation("app.event_2024", ["id"], { kind: "partition", parent: { schema: "app", name: "event_log" } }),
  relation("app.event_log", ["id", "payload jsonb", "occurred_at timestamptz"], {
    comment: "Every click and page view of the web shop.",
  }),
  relation("app.inv", ["id", "cust_id", "amt numeric", "qty integer", "dt date"]),
  relation("app.order_items", ["order_id", "product_id", "quantity integer", "unit_price numeric"]),
  relation("app.orders", [
    "id",
    "customer_id",
    { name: "status", type: "order_status", nullable: false, enumValues: ["open", "shipped", "cancelled"] },
    "total_amount numeric",
  ]),
  relation("app.orders_archive", ["id", "customer_id", "total_amount numeric"]),
  relation("app.products", ["id", "sku", "title", "price numeric"]),
  relation("hr.employees", ["id", "manager_id", "salary numeric"]),
];

const annotations = parseAnnotations(
  {
    tables: {
      products: {
        synonyms: ["merchandise", "catalogue"],
        column_notes: { sku: "Stock keeping unit, printed on labels." },
      },
      "hr.employees": { description: "Staff on the payroll.", use_cases: ["headcount"] },
    },
  },
  "x",
);

const search = createSchemaSearch(catalog, annotations, undefined);

function find(query: string, options: Partial<SearchOptions> = {}): string[] {
  return search.search(query, { limit: 20, ...options }).map(name);
}

function name({ table, column }: SearchResult): string {
  return column === undefined ? table : `${table}.${column}`;
}

test.each([
  ["orders", ["orders"]],
  ["order", ["orders"]],
  ["ORDER ITEMS", ["order_items"]],
  ["orderitems", ["order_items"]],
  ["order_items", ["order_items"]],
  ["customer email", ["customers.email"]],
  ["custmer emial", ["customers.email"]],
  ["the e-mail of a customer", ["customers.email"]],
  ["created at", ["customers.createdAt"]],
  ["price of a product", ["products.price"]],
  ["unit price", ["order_items.unit_price"]],
  ["employe salry", ["employees.salary"]],
  ["merchandise", ["products"]],
  ["stock keeping unit", ["products.sku"]],
  ["payroll", ["employees"]],
  ["clicks", ["event_log"]],
  ["shipped", ["orders.status"]],
  ["receipts", ["customers.email"]],
  ["addr", ["addresses"]],
  ["invoice quantity", ["inv.qty"]],
  ["hr employees", ["employees"]],
  ["log", ["event_log"]],
])("%s leads to %j", (query, expected) => {
  expect(find(query).slice(0, expected.length)).toEqual(expected);
});

test("a table before its archive and before columns of that name; a partition after its parent", () => {
  const tables = find("orders", { kinds: ["table"] });
  expect(tables.indexOf("orders")).toBeLessThan(tables.indexOf("orders_archive"));
  expect(find("customer")[0]).toBe("customers");
  const events = find("events", { kinds: ["table"] });
  expect(events.indexOf("event_log")).toBeLessThan(events.indexOf("event_2024"));
  expect(events).toContain("event_2024");
});

test("a result says what, where, how well, and shows the text", () => {
  expect(search.search("receipts", { limit: 1 })).toEqual([
    {
      kind: "column",
      schema: "app",
      table: "customers",
      column: "email",
      type: "text",
      score: expect.closeTo(0.4, 0),
      matched: ["comment"],
      snippet: "Where receipts are sent.",
    },
  ]);
  expect(search.search("order_items", { limit: 1 })).toEqual([
    { kind: "table", schema: "app", table: "order_items", score: 1, matched: ["name"] },
  ]);
  expect(search.search("payroll staff", { limit: 1 })[0]).toMatchObject({
    matched: ["description"],
    snippet: "Staff on the payroll.",
  });
});

test("kinds, limit, and questions nothing fits", () => {
  expect(find("customer", { kinds: ["column"] }).every((one) => one.includes("."))).toBe(true);
  expect(find("customer", { kinds: ["table"] }).some((one) => one.includes("."))).toBe(false);
  expect(find("customer", { kinds: [] })).toEqual(find("customer", { kinds: ["table", "column"] }));
  expect(find("id", { limit: 3 })).toHaveLength(3);
  for (const nothing of ["", "   ", "?!", "zzzzqq", "🙂"]) expect(find(nothing)).toEqual([]);
});

test("an empty catalog answers with nothing", () => {
  expect(createSchemaSearch([], noAnnotations, undefined).search("orders", { limit: 5 })).toEqual([]);
});

test("a semantic model adds synonyms, labels and metrics of visible tables only", async () => {
  const model = bindSemantic(await shopModel(), shopSnapshot, []);
  const places = (relations: readonly Relation[], query: string) =>
    createSchemaSearch(relations, noAnnotations, model)
      .search(query, { limit: 9 })
      .map((result) => [name(result), ...result.matched]);
  const all = shopSnapshot.relations;
  expect(places(all, "purchases")).toEqual([["orders", "synonym"]]);
  expect(places(all, "mail address")[0]).toEqual(["customers.email", "synonym"]);
  expect(places(all, "turnover")).toEqual([["orders", "metric"]]);
  expect(places(all, "buyer").map(([table]) => table)).toContain("customers");
  const orders = all.filter((one) => one.name === "orders");
  expect(places(orders, "turnover")).toEqual([["orders", "metric"]]);
  expect(places(orders, "buyers")).toEqual([]);
});

test("names out of the way: objects' own words, other scripts, dots, quotes", () => {
  const odd = createSchemaSearch(
    [
      relation("s.constructor", ["__proto__", "toString"]),
      relation('s.a."b', ["客户"]),
      relation("s.$$", []),
    ],
    noAnnotations,
    undefined,
  );
  const first = (query: string) => odd.search(query, { limit: 1 }).map(name);
  expect(first("constructor")).toEqual(["constructor"]);
  expect(first("proto")).toEqual(["constructor.__proto__"]);
  expect(first("to string")).toEqual(["constructor.toString"]);
  expect(first("客户")).toEqual(['a."b.客户']);
});

test("any question gives the same bounded answer twice, best first", () => {
  const word = fc.constantFrom(
    "order",
    "custmer",
    "email",
    "id",
    "the",
    "qty",
    "x",
    "_",
    "é",
    "2024",
    "shop",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word, { maxLength: 20 }).map((all) => all.join(" ")),
      ),
      fc.integer({ min: 1, max: 30 }),
      (query, limit) => {
        const results = search.search(query, { limit });
        expect(search.search(query, { limit })).toEqual(results);
        expect(results.length).toBeLessThanOrEqual(limit);
        expect(new Set(results.map((one) => `${one.schema}.${name(one)}`)).size).toBe(results.length);
        for (const [at, one] of results.entries()) {
          expect(one.score).toBeGreaterThanOrEqual(0);
          expect(one.score).toBeLessThanOrEqual(at === 0 ? 1 : (results[at - 1]?.score ?? 1));
          expect(one.matched.length).toBeGreaterThan(0);
        }
        // A longer list begins with the shorter one.
        expect(search.search(query, { limit: limit + 5 }).slice(0, results.length)).toEqual(results);
      },
    ),
  );
});

test("10,000 tables of 10 columns: the best answer is found; the time is reported", () => {
  const nouns =
    "order customer product invoice payment shipment user account item price stock region store event session ticket agent note address city".split(
      " ",
    );
  const suffixes = "id name amount date status total created_at type code rank".split(" ");
  const noun = (at: number) => nouns[at % nouns.length] ?? "";
  const relations = Array.from({ length: 10_000 }, (_, at) =>
    relation(
      `app.${noun(at)}_${noun(Math.floor(at / 20))}_${(at + 1_296).toString(36)}`,
      suffixes.map((suffix, column) => ({
        name: `${noun(at * 7 + column)}_${suffix}`,
        type: "text",
        nullable: true,
        comment: `The ${suffix} of the ${noun(at + column)}.`,
      })),
    ),
  );
  relations[7_000] = relation("app.loyalty_points", ["customer_email"]);
  const started = performance.now();
  const large = createSchemaSearch(relations, noAnnotations, undefined);
  const built = performance.now() - started;
  const times = [
    "customer email",
    "custmer loyality point",
    "order",
    "id",
    "shipment status of an order",
  ].map((query) => {
    large.search(query, { limit: 20 });
    const all = Array.from({ length: 9 }, () => {
      const before = performance.now();
      large.search(query, { limit: 20 });
      return performance.now() - before;
    }).sort((a, b) => a - b);
    return `${query}: ${(all[4] ?? 0).toFixed(1)} ms`;
  });
  console.error(`schema search, 100,000 columns: index ${built.toFixed(0)} ms; ${times.join("; ")}`);
  expect(name(large.search("custmer loyality point", { limit: 1 })[0] as SearchResult)).toBe(
    "loyalty_points",
  );
  expect(name(large.search("customer email", { limit: 1 })[0] as SearchResult)).toBe(
    "loyalty_points.customer_email",
  );
});
