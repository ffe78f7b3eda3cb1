import { expect, test } from "vitest";
import { onceIdle } from "./once-idle.ts";

test("is due once after every burst, counted from its last sign of life", () => {
  let now = 0;
  const idle = onceIdle(100, () => now);
  expect(idle.due()).toBe(false);
  idle.touch();
  now = 60;
  idle.touch();
  now = 159;
  expect(idle.due()).toBe(false);
  now = 160;
  expect(idle.due()).toBe(true);
  expect(idle.due()).toBe(false);
  idle.touch();
  now = 300;
  expect(idle.due()).toBe(true);
});
