import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { withLock } from "./lock.ts";

const place = () => join(mkdtempSync(join(tmpdir(), "habu-lock-")), "deep", "x.lock");

test("work under one lock never overlaps, and the lock is gone afterwards, also after a failure", async () => {
  const file = place();
  let inside = 0;
  const work = () =>
    withLock(file, async () => {
      inside += 1;
      expect(inside).toBe(1);
      await delay(5);
      inside -= 1;
    });
  await Promise.all([work(), work(), work()]);
  await expect(withLock(file, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(existsSync(file)).toBe(false);
});

test("a lock of a dead process, and one held for too long, is taken over by one waiter at a time", async () => {
  for (const [text, ageMs] of [
    ["4194303 dead", 0],
    [`${process.pid} hung`, 500_000],
    ["", 10_000],
  ] as const) {
    const file = place();
    await withLock(file, async () => undefined);
    writeFileSync(file, text);
    const then = new Date(Date.now() - ageMs);
    utimesSync(file, then, then);
    let inside = 0;
    const work = () =>
      withLock(file, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await delay(3);
        inside -= 1;
      });
    await Promise.all([work(), work(), work(), work()]);
  }
});

test("a lock that a living process keeps is an UNAVAILABLE with its reason", async () => {
  const file = place();
  await withLock(file, async () => {
    await expect(withLock(file, async () => undefined, { waitMs: 60 })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      details: { reason: "STATE_LOCKED" },
    });
  });
});

test("a breaker that died at it does not keep the lock for ever; one at work is waited for", async () => {
  const file = place();
  await withLock(file, async () => undefined);
  writeFileSync(file, "4194303 dead");
  writeFileSync(`${file}.break`, "4194303");
  await expect(withLock(file, async () => undefined, { waitMs: 60 })).rejects.toMatchObject({
    details: { reason: "STATE_LOCKED" },
  });
  const old = new Date(Date.now() - 60_000);
  utimesSync(`${file}.break`, old, old);
  expect(await withLock(file, async () => "mine")).toBe("mine");
});

test("a lock that was taken over, or away, while the work went on is left alone", async () => {
  const file = place();
  await withLock(file, async () => rmSync(file));
  await withLock(file, async () => writeFileSync(file, "1 another"));
  expect(readFileSync(file, "utf8")).toBe("1 another");
});

test("a place that cannot hold a lock is an error, not a wait", async () => {
  const file = place();
  mkdirSync(file, { recursive: true });
  const inside = join(file, "x".repeat(300));
  await expect(withLock(inside, async () => undefined, { waitMs: 60 })).rejects.toThrow("ENAMETOOLONG");
});
