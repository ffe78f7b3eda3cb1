import { expect, test } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

test("wakes sleepers in the order of their time, also those who sleep again", async () => {
  const clock = createFakeClock(1_000);
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ...times: number[]) => {
    for (const ms of times) {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    }
  };
  void sleeper("late", 300);
  void sleeper("twice", 100, 100);
  await clock.advance(250);
  expect(woken).toEqual([
    ["twice", 1_100],
    ["twice", 1_200],
  ]);
  expect(clock.now()).toBe(1_250);
  await clock.advance(50);
  expect(woken.at(-1)).toEqual(["late", 1_300]);
});
