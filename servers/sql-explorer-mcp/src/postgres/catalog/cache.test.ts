import { expect, test } from "vitest";
import { createCatalogCache } from "./cache.ts";
import type { Catalog } from "./catalog.ts";

const never = new AbortController().signal;

function setup(options: { ttlMs?: number; fails?: () => boolean } = {}) {
  const state = { now: 0, loads: 0, failures: 0, pending: [] as (() => void)[], hold: false };
  const cache = createCatalogCache({
    ttlMs: options.ttlMs ?? 100,
    floorMs: 10,
    now: () => state.now,
    onBackgroundFailure: () => {
      state.failures += 1;
    },
    async load() {
      state.loads += 1;
      const catalog = { snapshot: { takenAt: state.now, epoch: `e${state.loads}` } } as Catalog;
      if (state.hold) await new Promise<void>((resolve) => state.pending.push(resolve));
      if (options.fails?.()) throw new Error("down");
      return catalog;
    },
  });
  return { cache, state };
}

test("the held catalog serves until the TTL, `fresh` takes a new one", async () => {
  const { cache, state } = setup();
  const first = await cache.get({ signal: never });
  state.now = 99;
  expect(await cache.get({ signal: never })).toBe(first);
  expect((await cache.get({ signal: never, fresh: true })).snapshot.epoch).toBe("e2");
  state.now = 300;
  expect((await cache.get({ signal: never })).snapshot.epoch).toBe("e3");
});

test("callers that come together share one load, and one caller's cancel does not end it", async () => {
  const { cache, state } = setup();
  state.hold = true;
  const leaving = new AbortController();
  const [one, two] = [cache.get({ signal: leaving.signal }), cache.current(never)];
  leaving.abort();
  await expect(one).rejects.toMatchObject({ code: "CANCELLED" });
  state.pending[0]?.();
  expect((await two).snapshot.epoch).toBe("e1");
  expect(state.loads).toBe(1);
});

test("an old catalog is renewed behind the caller's back, a very old one is waited for", async () => {
  const { cache, state } = setup();
  const first = await cache.current(never);
  state.now = 150;
  expect(await cache.current(never)).toBe(first);
  await Promise.resolve();
  state.now = 500;
  expect((await cache.current(never)).snapshot.epoch).toBe("e3");
});

test("a failed renewal keeps the old catalog and is reported, the next call tries again", async () => {
  let down = false;
  const { cache, state } = setup({ fails: () => down });
  const first = await cache.current(never);
  down = true;
  state.now = 150;
  expect(await cache.current(never)).toBe(first);
  await expect(cache.get({ signal: never })).rejects.toThrow("down");
  expect(state.failures).toBe(1);
  down = false;
  expect((await cache.get({ signal: never })).snapshot.epoch).toBe("e3");
});

test("misses renew at most once per floor", async () => {
  const { cache, state } = setup();
  const first = await cache.current(never);
  state.now = 5;
  expect(await cache.afterMiss(first, never)).toBe(first);
  state.now = 20;
  const second = await cache.afterMiss(first, never);
  expect(second.snapshot.epoch).toBe("e2");
  expect(await cache.afterMiss(first, never)).toBe(second);
});
