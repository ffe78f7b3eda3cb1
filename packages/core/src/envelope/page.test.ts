import fc from "fast-check";
import { expect, test } from "vitest";
import { page } from "./page.ts";

const mint = (offset: number) => `c${offset}`;

test("an empty list is one page without a cursor", () => {
  expect(page([], { limit: 10, offset: 0, mint })).toEqual({ items: [], page: { has_more: false } });
});

test("an item above the budget is still given, alone", () => {
  const { items, page: meta } = page(["x".repeat(50), "y"], { limit: 10, offset: 3, budget: 20, mint });
  expect(items).toHaveLength(1);
  expect(meta).toEqual({ has_more: true, next_cursor: "c4" });
});

test("following cursors returns every item once, each page within budget", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 45, max: 200 }),
      (all, limit, budget) => {
        const seen: string[] = [];
        for (let offset = 0, rounds = 0; ; rounds += 1) {
          expect(rounds).toBeLessThanOrEqual(all.length);
          const got = page(all.slice(offset), { limit, budget, offset, total: all.length, mint });
          seen.push(...got.items);
          if (got.items.length > 1) expect(JSON.stringify(got.items).length).toBeLessThanOrEqual(budget + 2);
          if (!got.page.has_more) break;
          offset = Number(got.page.next_cursor?.slice(1));
        }
        expect(seen).toEqual(all);
      },
    ),
  );
});
