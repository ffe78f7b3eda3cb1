import { expect, test } from "vitest";
import { reject } from "./reject.ts";
import { createIdentity, createVerdictCache } from "./verdict-cache.ts";

const verdict = reject("parse_error", "x");

test("the least recently used verdict goes first", () => {
  const cache = createVerdictCache(5_000);
  for (const key of ["a", "b", "c"]) cache.set(key, verdict);
  cache.get("a");
  for (const key of ["d", "e"]) cache.set(key, verdict);
  expect(["a", "b", "c", "d", "e"].filter((key) => cache.get(key) !== undefined)).toEqual([
    "a",
    "c",
    "d",
    "e",
  ]);
});

test("memory stays bounded whatever the texts are", () => {
  const cache = createVerdictCache(50_000);
  const keys = Array.from({ length: 500 }, (_, index) => `${index}:${"x".repeat(3_000)}`);
  for (const key of keys) cache.set(key, verdict);
  expect(keys.filter((key) => cache.get(key) !== undefined).length).toBeLessThanOrEqual(8);
  cache.set("y".repeat(60_000), verdict);
  expect(cache.get("y".repeat(60_000))).toBeUndefined();
});

test("setting a key again replaces its verdict and costs nothing more", () => {
  const cache = createVerdictCache(5_000);
  for (let round = 0; round < 50; round++) cache.set("a", reject("parse_error", String(round)));
  cache.set("b", verdict);
  expect(cache.get("a")).toMatchObject({ message: "49" });
});

test("an object keeps its number, another one gets another, none is 0", () => {
  const identify = createIdentity();
  const one = {};
  expect([identify(one), identify({}), identify(one), identify(undefined)]).toEqual([1, 2, 1, 0]);
});
