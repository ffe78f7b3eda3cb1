import { expect, onTestFinished, test } from "vitest";
import { settledWithin, stopOnSignal } from "./stop.ts";

const tick = () => new Promise((resolve) => setTimeout(resolve, 10));

function hooked(stop: () => Promise<void>, deadlineMs = 5_000) {
  const exits: number[] = [];
  onTestFinished(stopOnSignal(stop, { deadlineMs, exit: (code) => void exits.push(code) }));
  return exits;
}

test("stops once on a signal and exits 0; a second signal exits at once", async () => {
  let finish: () => void = () => undefined;
  let stops = 0;
  const exits = hooked(() => {
    stops += 1;
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  process.emit("SIGTERM", "SIGTERM");
  await tick();
  expect(exits).toEqual([]);
  process.emit("SIGINT", "SIGINT");
  expect(exits).toEqual([130]);
  finish();
  await tick();
  expect(exits).toEqual([130, 0]);
  expect(stops).toBe(1);
});

test("exits 1 when stopping fails, and when it takes too long", async () => {
  const failing = hooked(() => Promise.reject(new Error("stuck")));
  process.emit("SIGTERM", "SIGTERM");
  await tick();
  expect(failing).toEqual([1]);

  const hanging = hooked(() => new Promise(() => undefined), 20);
  process.emit("SIGTERM", "SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(hanging).toEqual([1]);
});

test("tells whether work was done in time; a rejection is done", async () => {
  expect(await settledWithin(tick(), 1_000)).toBe(true);
  expect(await settledWithin(Promise.reject(new Error("no")), 1_000)).toBe(true);
  expect(await settledWithin(new Promise(() => undefined), 10)).toBe(false);
});
