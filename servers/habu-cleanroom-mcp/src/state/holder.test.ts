import { expect, test } from "vitest";
import { createPresence, isAlive } from "./holder.ts";

const parent = process.ppid;

test("a write of this process is under way until it ended", () => {
  const mine = createPresence();
  const held = mine.hold("work_1");
  expect(mine.isAtWork("work_1", held)).toBe(true);
  expect(mine.isAtWork("work_2", held)).toBe(false);
  mine.letGo("work_1");
  expect(mine.isAtWork("work_1", held)).toBe(false);
});

test("a write of another process is under way while that process lives, for a quarter of an hour", () => {
  let now = 1_000_000;
  const mine = createPresence(() => now);
  const other = { ...mine.hold("x"), boot: "another" };
  const living = { ...other, pid: parent };
  expect(mine.isAtWork("work_1", living)).toBe(true);
  expect(mine.isAtWork("work_1", { ...other, pid: 4_194_303 })).toBe(false);
  // It had the number that is ours now.
  expect(mine.isAtWork("work_1", other)).toBe(false);
  now += 16 * 60_000;
  expect(mine.isAtWork("work_1", living)).toBe(false);
});

test("a process of another machine cannot be asked, so its write is given its time", () => {
  let now = 1_000_000;
  const mine = createPresence(() => now);
  const far = { ...mine.hold("x"), boot: "another", host: "elsewhere", pid: 4_194_303 };
  expect(mine.isAtWork("work_1", far)).toBe(true);
  now += 16 * 60_000;
  expect(mine.isAtWork("work_1", far)).toBe(false);
});

test("a process that may not be signalled lives all the same", () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
  expect(isAlive(4_194_303)).toBe(false);
});
