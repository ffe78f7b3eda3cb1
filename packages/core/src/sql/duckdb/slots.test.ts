import { expect, test } from "vitest";
import { createSlots } from "./slots.ts";

test("gives places in order of arrival", async () => {
  const slots = createSlots(1, 1_000);
  const first = await slots.take(undefined);
  const order: number[] = [];
  const waiting = [1, 2, 3].map(async (n) => {
    const release = await slots.take(undefined);
    order.push(n);
    release();
  });
  first();
  first();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2, 3]);
});

test("answers UNAVAILABLE with a wait when none comes free", async () => {
  const slots = createSlots(1, 20);
  await slots.take(undefined);
  await expect(slots.take(undefined)).rejects.toMatchObject({ code: "UNAVAILABLE", retryAfterMs: 500 });
});

test("a cancelled wait leaves the queue", async () => {
  const slots = createSlots(1, 1_000);
  const release = await slots.take(undefined);
  const controller = new AbortController();
  const gone = slots.take(controller.signal);
  const next = slots.take(undefined);
  controller.abort();
  await expect(gone).rejects.toMatchObject({ code: "CANCELLED" });
  release();
  (await next)();
  (await slots.take(undefined))();
});

test("an aborted signal takes no place", async () => {
  const slots = createSlots(1, 50);
  await expect(slots.take(AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
  (await slots.take(undefined))();
});
