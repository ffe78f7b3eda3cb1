import { expect, test } from "vitest";
import type { Catalog } from "./catalog.ts";
import { createCatalogCache } from "./catalog-cache.ts";

function setup(floorMs = 100) {
  let now = 0;
  let loads = 0;
  const cache = createCatalogCache({
    load: async () => {
      loads++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { snapshot: { takenAt: now, epoch: String(loads) }, generation: loads } as unknown as Catalog;
    },
    ttlMs: 1_000,
    floorMs,
    now: () => now,
  });
  return { cache, loads: () => loads, pass: (ms: number) => (now += ms) };
}

const signal = new AbortController().signal;

test("one load serves all, until it is old or a fresh one is asked for", async () => {
  const { cache, loads, pass } = setup();
  await Promise.all([cache.get({ signal }), cache.get({ signal }), cache.get({ fresh: true, signal })]);
  expect(loads()).toBe(1);
  pass(999);
  await cache.get({ signal });
  expect(loads()).toBe(1);
  pass(1);
  await cache.get({ signal });
  expect(loads()).toBe(2);
  await cache.get({ fresh: true, signal });
  expect(loads()).toBe(3);
});

test("a miss renews, but not at once again", async () => {
  const { cache, loads, pass } = setup();
  const first = await cache.get({ signal });
  expect(await cache.afterMiss(first, signal)).toBe(first);
  pass(100);
  const second = await cache.afterMiss(first, signal);
  expect(second).not.toBe(first);
  expect(await cache.afterMiss(first, signal)).toBe(second);
  expect(loads()).toBe(2);
});

test("one caller's cancel does not end the load for others", async () => {
  const { cache, loads } = setup();
  const controller = new AbortController();
  const gone = cache.get({ signal: controller.signal });
  const stays = cache.get({ signal });
  controller.abort();
  await expect(gone).rejects.toMatchObject({ code: "CANCELLED" });
  await stays;
  expect(loads()).toBe(1);
});

test("a failed load is tried again", async () => {
  let tries = 0;
  const cache = createCatalogCache({
    load: async () => {
      if (++tries === 1) throw new Error("locked");
      return { snapshot: { takenAt: 0 } } as unknown as Catalog;
    },
    ttlMs: 10,
    floorMs: 1,
    now: () => 0,
  });
  await expect(cache.get({ signal })).rejects.toThrow("locked");
  await cache.get({ signal });
  expect(tries).toBe(2);
});
