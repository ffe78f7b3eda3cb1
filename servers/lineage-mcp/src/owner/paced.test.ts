import { expect, test, vi } from "vitest";
import { paced } from "./paced.ts";

test("the first asker is served at once, all who ask meanwhile together after the pause", async () => {
  vi.useFakeTimers();
  try {
    let begun = 0;
    let finish = () => {};
    const it = paced(() => {
      begun += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    }, 40);
    it.ask();
    expect(begun).toBe(1);
    for (let n = 0; n < 5; n += 1) it.ask();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun).toBe(1);
    finish();
    await vi.advanceTimersByTimeAsync(39);
    expect(begun).toBe(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(begun).toBe(2);
    finish();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun).toBe(2);
    it.ask();
    expect(begun).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});

test("stopping waits for the one under way, and nothing begins after it", async () => {
  let begun = 0;
  let finish = () => {};
  const it = paced(() => {
    begun += 1;
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  }, 1);
  it.ask();
  it.ask();
  let stopped = false;
  const stopping = it.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(stopped).toBe(false);
  finish();
  await stopping;
  it.ask();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(begun).toBe(1);
});
