import { expect, test } from "vitest";
import { createPlaces } from "./places.ts";

test("gives out so many places in all and to each, and takes them back once", () => {
  const places = createPlaces(3, 2);
  const first = places.take("ann");
  expect(places.take("ann")).toBeDefined();
  expect(places.take("ann")).toBeUndefined();
  expect(places.take("bob")).toBeDefined();
  expect(places.take("bob")).toBeUndefined();
  first?.();
  first?.();
  expect(places.taken).toBe(2);
  expect(places.take("bob")).toBeDefined();
  expect(places.take("eve")).toBeUndefined();
});
