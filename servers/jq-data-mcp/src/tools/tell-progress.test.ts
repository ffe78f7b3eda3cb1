import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { tellProgress } from "./tell-progress.ts";

test("word of a run comes while it goes on, rising, and none after its end, however it ends", async () => {
  const heard: number[] = [];
  const hear = ({ progress }: { progress: number }) => heard.push(progress);
  expect(await tellProgress(() => sleep(400, "done"), hear, 30_000, 100)).toBe("done");
  expect(heard.length).toBeGreaterThan(0);
  expect(heard).toEqual([...heard].sort((a, b) => a - b));
  const failing = tellProgress(
    () => sleep(250).then(() => Promise.reject(new Error("no"))),
    hear,
    30_000,
    100,
  );
  await expect(failing).rejects.toThrow("no");
  const told = heard.length;
  await sleep(250);
  expect(heard).toHaveLength(told);
});
