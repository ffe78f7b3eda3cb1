import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { defaultLimits } from "./limits.ts";
import { openWasmPool } from "./wasm/pool.ts";

const MiB = 1024 * 1024;
const soaking = process.env.SOAK_SECONDS !== undefined;
const calls = soaking ? 10_000 : 1_500;
const engine = await openWasmPool({ size: 2, memoryBytes: 128 * MiB });
afterAll(() => engine.close());

const descriptors = () => readdirSync("/proc/self/fd").length;

test(`after ${calls} calls, one in fifty hostile, no worker and no descriptor has leaked`, async () => {
  const quick = { ...defaultLimits, timeoutMs: 150, outputBytes: 4 * MiB };
  const run = (program: string, owner: string, bounds = defaultLimits) =>
    engine
      .run({
        program,
        input: { kind: "bytes", bytes: Buffer.from("1 2 3"), split: false },
        nullInput: true,
        limits: bounds,
        owner,
      })
      .then((result) => Buffer.from(result.output ?? []).toString());
  const round = async (size: number) => {
    const all = Array.from({ length: size }, (_, i) =>
      i % 50 === 49
        ? run(i % 100 === 99 ? "[range(1e9)]" : "def f: f; f", `h${i % 3}`, quick).catch(() => "contained\n")
        : run("first(inputs)", `u${i % 7}`),
    );
    return Promise.all(all);
  };
  await round(200);
  const [before, memory] = [descriptors(), process.memoryUsage().rss];
  for (let left = calls; left > 0; left -= 500) {
    const answers = await round(500);
    for (const [i, answer] of answers.entries()) expect(answer).toBe(i % 50 === 49 ? "contained\n" : "1\n");
  }
  expect(engine.stats()).toMatchObject({ busy: 0, waiting: 0 });
  expect(descriptors()).toBeLessThanOrEqual(before + 24);
  // Those that stood by while others were held go after a while.
  await expect.poll(() => engine.stats().workers, { timeout: 60_000, interval: 500 }).toBeLessThanOrEqual(2);
  expect(process.memoryUsage().rss).toBeLessThan(memory * 1.5 + 100 * MiB);
}, 180_000);
