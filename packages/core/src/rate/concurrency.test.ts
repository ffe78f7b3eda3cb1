import fc from "fast-check";
import { expect, test } from "vitest";
import { createSlots } from "./concurrency.ts";

const busy = expect.objectContaining({ code: "UNAVAILABLE", retryAfterMs: expect.any(Number) });
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

test("waiting calls start in order as slots become free", async () => {
  const slots = createSlots({ perPrincipal: 1 });
  const order: number[] = [];
  const free = await slots.acquire("ann", undefined);
  const waiting = [1, 2, 3].map(async (n) => {
    const release = await slots.acquire("ann", undefined);
    order.push(n);
    release();
  });
  await tick();
  expect([slots.waiting, order]).toEqual([3, []]);
  free();
  await Promise.all(waiting);
  expect(order).toEqual([1, 2, 3]);
  expect([slots.waiting, slots.running("ann")]).toEqual([0, 0]);
});

test("a busy source holds up nobody who does not need it", async () => {
  const slots = createSlots({ perSource: 1 });
  const free = await slots.acquire("ann", "slow");
  const stuck = slots.acquire("bob", "slow");
  (await slots.acquire("bob", "fast"))();
  free();
  (await stuck)();
});

test("the queue is bounded, in total and per principal", async () => {
  const slots = createSlots({ perSource: 1, maxWaiting: 3, maxWaitingPerPrincipal: 2, maxWaitMs: 50 });
  const free = await slots.acquire("ann", "s");
  const waiting = [slots.acquire("ann", "s"), slots.acquire("ann", "s"), slots.acquire("bob", "s")];
  await expect(slots.acquire("ann", "s")).rejects.toThrow(busy);
  await expect(slots.acquire("carl", "s")).rejects.toThrow(busy);
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(slots.waiting).toBe(0);
  free();
  (await slots.acquire("bob", "s"))();
});

test("releasing twice frees one slot", async () => {
  const slots = createSlots({ perPrincipal: 2, maxWaitMs: 20 });
  const first = await slots.acquire("ann", undefined);
  await slots.acquire("ann", undefined);
  first();
  first();
  await slots.acquire("ann", undefined);
  await expect(slots.acquire("ann", undefined)).rejects.toThrow(busy);
});

test("an aborted signal is refused at once", async () => {
  await expect(createSlots({}).acquire("ann", undefined, AbortSignal.abort())).rejects.toThrow(
    expect.objectContaining({ code: "CANCELLED" }),
  );
});

test("no interleaving of callers, cancels and releases goes beyond a limit or leaks a slot", async () => {
  const step = fc.record({
    who: fc.constantFrom("ann", "bob"),
    source: fc.constantFrom("x", "y", undefined),
    act: fc.constantFrom("acquire", "release", "cancel"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const slots = createSlots({ perPrincipal: 2, perSource: 2, maxWaiting: 5 });
      const held: { who: string; source: string | undefined; free: () => void }[] = [];
      const pending = new Set<AbortController>();
      for (const { who, source, act } of steps) {
        if (act === "acquire") {
          const controller = new AbortController();
          pending.add(controller);
          slots.acquire(who, source, controller.signal).then(
            (free) => {
              pending.delete(controller);
              held.push({ who, source, free });
            },
            () => void pending.delete(controller),
          );
        } else if (act === "release") held.shift()?.free();
        else [...pending].at(0)?.abort();
        await Promise.resolve();
        await Promise.resolve();
        for (const name of ["ann", "bob"])
          expect(held.filter((one) => one.who === name).length).toBeLessThanOrEqual(2);
        for (const name of ["x", "y"])
          expect(held.filter((one) => one.source === name).length).toBeLessThanOrEqual(2);
      }
      for (const controller of pending) controller.abort();
      await tick();
      for (const one of held) one.free();
      expect([slots.waiting, slots.running("ann"), slots.running("bob")]).toEqual([0, 0, 0]);
    }),
    { numRuns: 200 },
  );
});
