import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createRunning } from "./running.ts";

test("idle once all has ended, well or badly, also what began meanwhile", async () => {
  const running = createRunning();
  await running.idle();
  const ended: string[] = [];
  const work = async (name: string, ms: number, fails = false) => {
    await sleep(ms);
    ended.push(name);
    if (fails) throw new Error(name);
    return name;
  };
  const first = running.count(work("first", 5));
  const second = running.count(work("second", 10, true));
  void first.then(() => running.count(work("third", 15)));
  await running.idle();
  expect(ended).toEqual(["first", "second", "third"]);
  await expect(first).resolves.toBe("first");
  await expect(second).rejects.toThrow("second");
});
