import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import type { Principal } from "../auth/principal.ts";
import { type AdmissionOptions, createAdmissionGate, type RateGate } from "./admission.ts";
import { openRedis } from "./redis-client.ts";
import { openRedisCounter, type RedisCounterOptions } from "./redis-counter.ts";
import { startOwnRedis } from "./testing/own-redis.ts";

const ann: Principal = { id: "key:ann", scopes: [], method: "api_key" };
const limits = { minute: 10, hour: 100 };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function sharedUrl(): string {
  const url = process.env.TEST_REDIS_URL;
  if (url === undefined) {
    throw new Error(
      "TEST_REDIS_URL is not set; run: node scripts/services.mjs run -- npx vitest run packages/core/src/rate",
    );
  }
  return url;
}

async function instance(
  options: Partial<RedisCounterOptions> = {},
  gate: AdmissionOptions = { principal: limits },
) {
  const states: string[] = [];
  const counter = await openRedisCounter({
    url: options.url ?? sharedUrl(),
    prefix: "test",
    whenDown: "refuse",
    commandTimeoutMs: 300,
    onChange: (state) => states.push(state),
    ...options,
  });
  closing.push(() => counter.close());
  return { gate: createAdmissionGate({ ...gate, counter }), counter, states };
}

const outcome = (gate: RateGate, source?: string) =>
  gate.admit(ann, source).then(
    () => "admitted",
    (error: { code: string }) => error.code,
  );
const burst = async (gates: RateGate[], times: number, source?: string) => {
  const tries = Array.from({ length: times }, (_, n) => outcome(gates[n % gates.length] as RateGate, source));
  return (await Promise.all(tries)).filter((one) => one === "admitted").length;
};
const used = async (gate: RateGate) => (await gate.quota(ann)).windows.map((window) => window.used);

/** Ends with the test. */
async function ownRedis() {
  const own = await startOwnRedis();
  closing.push(own.kill);
  return own;
}

test("two instances share one count, and let in exactly the limit between them", async () => {
  const prefix = randomUUID();
  const [a, b] = [await instance({ prefix }), await instance({ prefix })];
  expect(await burst([a.gate, b.gate], 40)).toBe(10);
  expect(await used(a.gate)).toEqual([10, 10]);
  expect(await used(b.gate)).toEqual([10, 10]);
  const other = await instance({ prefix: randomUUID() });
  expect(await used(other.gate)).toEqual([0, 0]);
});

test("a refused call stays charged nowhere, a refund is seen by the other instance", async () => {
  const prefix = randomUUID();
  const options = { principal: { minute: 5, hour: 100 }, source: { minute: 3 } };
  const [a, b] = [await instance({ prefix }, options), await instance({ prefix }, options)];
  expect(await burst([a.gate, b.gate], 20, "shop")).toBe(3);
  expect(await used(a.gate)).toEqual([3, 3]);
  const admission = await a.gate.admit(ann, "other");
  expect(await used(b.gate)).toEqual([4, 4]);
  await admission.release({ refund: true });
  await admission.release({ refund: true });
  expect(await used(b.gate)).toEqual([3, 3]);
});

test("the wait is the window's rest, and names of callers are not in the store", async () => {
  const prefix = randomUUID();
  const { gate } = await instance({ prefix });
  await burst([gate], 10);
  const refusal = await gate.admit(ann, undefined).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "RATE_LIMITED", details: { window: "minute", limit: 10 } });
  const { retryAfterMs } = refusal as { retryAfterMs: number };
  expect(retryAfterMs).toBeGreaterThan(55_000);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  const client = await openRedis(sharedUrl());
  closing.push(async () => client.disconnect());
  const keys = await client.keys(`${prefix}*`);
  expect(keys).toHaveLength(2);
  expect(keys.join()).not.toContain("ann");
  for (const key of keys) expect(await client.pttl(key)).toBeGreaterThan(0);
});

test("killed in the middle, failing closed: refused with a wait, then served again by itself", async () => {
  const redis = await ownRedis();
  const { gate, states, counter } = await instance({ url: redis.url, whenDown: "refuse" });
  const held = await gate.admit(ann, undefined);
  await redis.kill();
  const started = performance.now();
  await expect(gate.admit(ann, undefined)).rejects.toThrow(
    expect.objectContaining({
      code: "UNAVAILABLE",
      retryAfterMs: 2_000,
      details: { reason: "quota_store_unavailable" },
    }),
  );
  await expect(gate.quota(ann)).rejects.toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  await expect(counter.ping()).rejects.toThrow();
  // Giving back to a store that is gone is no failure of the call.
  await held.release({ refund: true });
  expect(performance.now() - started).toBeLessThan(2_000);
  await redis.start();
  await vi.waitFor(async () => expect(await outcome(gate)).toBe("admitted"), {
    timeout: 10_000,
    interval: 50,
  });
  expect(states).toEqual(["down", "up"]);
  await counter.ping();
});

test("killed in the middle, counting in memory: the limit holds per process, refunds go where they came from", async () => {
  const redis = await ownRedis();
  const { gate, states } = await instance({ url: redis.url, whenDown: "memory" });
  const before = await Promise.all([1, 2, 3].map(() => gate.admit(ann, undefined)));
  expect(await used(gate)).toEqual([3, 3]);
  await redis.kill();
  expect(await burst([gate], 30)).toBe(10);
  expect(await outcome(gate)).toBe("RATE_LIMITED");
  // These units were taken from Redis: no room in memory comes of it.
  for (const admission of before) await admission.release({ refund: true });
  expect(await outcome(gate)).toBe("RATE_LIMITED");
  await redis.start();
  await vi.waitFor(async () => expect(await used(gate)).toEqual([0, 0]), { timeout: 10_000, interval: 50 });
  expect(await burst([gate], 30)).toBe(10);
  expect(states).toEqual(["down", "up"]);
});

test("a Redis that hangs instead of dying costs one command's time limit", async () => {
  const redis = await ownRedis();
  const { gate } = await instance({ url: redis.url, whenDown: "memory", commandTimeoutMs: 200 });
  await burst([gate], 1);
  redis.signal("SIGSTOP");
  const started = performance.now();
  expect(await outcome(gate)).toBe("admitted");
  expect(performance.now() - started).toBeLessThan(1_500);
  redis.signal("SIGCONT");
  await sleep(50);
});

test("a server starts while Redis is away and uses it once it is there", async () => {
  const redis = await ownRedis();
  await redis.kill();
  const { gate, states } = await instance({ url: redis.url, whenDown: "memory" });
  expect(await outcome(gate)).toBe("admitted");
  await redis.start();
  await vi.waitFor(
    async () => {
      await outcome(gate);
      expect(states).toEqual(["down", "up"]);
    },
    { timeout: 10_000, interval: 100 },
  );
});

test.each(["", "hunter2", "http://cache", "localhost:6379"])(
  "%j is refused as a URL without being shown",
  async (url) => {
    const open = openRedisCounter({ url, prefix: "t", whenDown: "refuse" });
    await expect(open).rejects.toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR", message: expect.not.stringContaining("hunter2") }),
    );
  },
);
