import { expect, test } from "vitest";
import { createFairQueue } from "./fair-queue.ts";

const anyone = () => true;

test("owners take turns, each owner's work in its order", () => {
  const queue = createFairQueue<string>();
  for (const item of ["a1", "a2", "a3"]) queue.push("a", item);
  queue.push("b", "b1");
  queue.push("c", "c1");
  expect(Array.from({ length: 6 }, () => queue.next(anyone))).toEqual([
    "a1",
    "b1",
    "c1",
    "a2",
    "a3",
    undefined,
  ]);
});

test("an owner at its limit is passed over and keeps its turn", () => {
  const queue = createFairQueue<string>();
  queue.push("a", "a1");
  queue.push("b", "b1");
  expect(queue.next((owner) => owner !== "a")).toBe("b1");
  expect(queue.next((owner) => owner !== "a")).toBeUndefined();
  expect(queue.next(anyone)).toBe("a1");
  expect(queue.size).toBe(0);
});

test("removed work is never handed out", () => {
  const queue = createFairQueue<string>();
  queue.push("a", "a1");
  queue.push("a", "a2");
  expect(queue.remove("a", "a1")).toBe(true);
  expect(queue.remove("a", "a1")).toBe(false);
  expect(queue.remove("z", "z1")).toBe(false);
  expect([queue.sizeOf("a"), queue.size]).toEqual([1, 1]);
  expect(queue.drain()).toEqual(["a2"]);
  expect(queue.next(anyone)).toBeUndefined();
});
