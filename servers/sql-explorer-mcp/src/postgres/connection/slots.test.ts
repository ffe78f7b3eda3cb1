import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSlots } from "./slots.ts";

const never = new AbortController().signal;

test("waiters are served in order", async () => {
  const slots = createSlots(1, 1_000);
  const first = await slots.acquire(never);
  const order: number[] = [];
  const waits = [1, 2, 3].map(async (name) => {
    const give = await slots.acquire(never);
    order.push(name);
    give();
  });
  expect(slots.waiting).toBe(3);
  first();
  await Promise.all(waits);
  expect(order).toEqual([1, 2, 3]);
  expect(slots.waiting).toBe(0);
});

test("a slot given back twice is free only once", async () => {
  const slots = createSlots(1, 20);
  const give = await slots.acquire(never);
  give();
  give();
  await slots.acquire(never);
  await expect(slots.acquire(never)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("the wait is bounded and says when to come back", async () => {
  const slots = createSlots(1, 30);
  await slots.acquire(never);
  const started = performance.now();
  await expect(slots.acquire(never)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    retryAfterMs: 1_000,
    details: { reason: "pool_exhausted" },
  });
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("an aborted waiter leaves the queue and takes no slot", async () => {
  const slots = createSlots(1, 1_000);
  const give = await slots.acquire(never);
  const aborted = new AbortController();
  const waiting = slots.acquire(aborted.signal);
  aborted.abort();
  await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
  expect(slots.waiting).toBe(0);
  give();
  await pause(1);
  (await slots.acquire(never))();
  await expect(slots.acquire(aborted.signal)).rejects.toMatchObject({ code: "CANCELLED" });
});
