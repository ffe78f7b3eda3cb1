import { expect, test } from "vitest";
import { bytesOf, watchMemory } from "./memory-watch.ts";

test("reads sizes as the engine writes them", () => {
  expect(bytesOf("512MB")).toBe(512e6);
  expect(bytesOf("1.5 GiB")).toBe(1.5 * 2 ** 30);
  expect(bytesOf("100B")).toBe(100);
  expect(() => bytesOf("much")).toThrow(RangeError);
});

test("tells when the process has outgrown its limit, and stops when asked to", async () => {
  let told = 0;
  const stop = watchMemory("1GB", () => told++);
  await new Promise((resolve) => setTimeout(resolve, 250));
  stop();
  expect(told).toBe(0);
});
