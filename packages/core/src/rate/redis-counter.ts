import { RateLimiterRedis } from "rate-limiter-flexible";
import type { Counter } from "./counter.ts";
import { insure } from "./insured.ts";
import { createCounter, memoryLimiter } from "./rate-limiter.ts";
import { openRedis } from "./redis-client.ts";

export interface RedisCounterOptions {
  readonly url: string;
  /** Instances with the same prefix share their counts. */
  readonly prefix: string;
  /** While Redis is away: count in this process, or refuse calls. */
  readonly whenDown: "memory" | "refuse";
  readonly onChange?: (state: "down" | "up", cause?: unknown) => void;
  readonly commandTimeoutMs?: number;
  readonly now?: () => number;
}

export interface RedisCounter extends Counter {
  /** Rejects while Redis does not answer; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Quotas shared over Redis. Needs the optional peer ioredis; CONFIG_ERROR when it or a usable URL is missing. */
export async function openRedisCounter(options: RedisCounterOptions): Promise<RedisCounter> {
  const client = await openRedis(options.url, {
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeoutMs: options.commandTimeoutMs }),
  });
  const shared = createCounter(
    ({ keyPrefix, points, duration }) =>
      new RateLimiterRedis({
        storeClient: client,
        keyPrefix: `${options.prefix}:${keyPrefix}`,
        points,
        duration,
      }),
    options.now,
  );
  const counter = insure(shared, {
    ...(options.whenDown === "memory" ? { fallback: createCounter(memoryLimiter, options.now) } : {}),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  });
  return {
    ...counter,
    async ping() {
      await client.ping();
    },
    async close() {
      client.disconnect();
    },
  };
}
