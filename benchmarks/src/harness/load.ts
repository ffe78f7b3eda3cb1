import { quantile } from "./numbers.ts";
import type { Call, WireClient } from "./wire-client.ts";

/** Latencies of calls made one after another, in milliseconds. */
export async function latencies(
  client: WireClient,
  call: (n: number) => Call,
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const started = performance.now();
    const answer = await client.call(call(n));
    times.push(performance.now() - started);
    if (answer.isError) throw new Error(`a measured call failed: ${answer.content[0]?.text}`);
  }
  return times;
}

export function p50p95(times: readonly number[]): { p50: number; p95: number } {
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

/** Calls per second of `width` callers who each wait for their answer, over `ms`. */
export async function throughput(
  client: WireClient,
  call: (n: number) => Call,
  width: number,
  ms: number,
): Promise<number> {
  let done = 0;
  const until = performance.now() + ms;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: width }, async (_, lane) => {
      for (let n = lane; performance.now() < until; n += width) {
        const answer = await client.call(call(n));
        if (answer.isError) throw new Error(`a measured call failed: ${answer.content[0]?.text}`);
        done += 1;
      }
    }),
  );
  return (done / (performance.now() - started)) * 1_000;
}
