import { expect, test } from "vitest";
import { createBusyTime } from "./busy-time.ts";

test("requests that overlap count once, and the time between them not at all", () => {
  let at = 0;
  const busy = createBusyTime(() => at);
  expect(busy.ms).toBe(0);
  const first = busy.begin();
  at = 10;
  const second = busy.begin();
  at = 15;
  first();
  expect(busy.ms).toBe(15);
  at = 30;
  second();
  at = 100;
  expect(busy.ms).toBe(30);
  const third = busy.begin();
  at = 105;
  third();
  expect(busy.ms).toBe(35);
});
