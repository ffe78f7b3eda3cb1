import type { Logger } from "@mcp-data/core";

export interface CachedRun {
  readonly bytes: Uint8Array;
  readonly engine: string;
}

/** Finished outputs by what they depend on. */
export interface RunCache {
  get(key: string): Promise<CachedRun | undefined>;
  set(key: string, run: CachedRun): void;
  readonly usedBytes: number;
  close(): Promise<void>;
}

const maxEntryBytes = 1024 * 1024;
/** What an entry costs besides its bytes. */
const entryBytes = 512;

export function memoryCache(budgetBytes: number): RunCache {
  const kept = new Map<string, CachedRun>();
  let used = 0;
  const drop = (key: string) => {
    const run = kept.get(key);
    if (run !== undefined) used -= run.bytes.length + entryBytes;
    kept.delete(key);
  };
  return {
    async get(key) {
      const run = kept.get(key);
      if (run !== undefined) {
        kept.delete(key);
        kept.set(key, run);
      }
      return run;
    },
    set(key, run) {
      if (run.bytes.length > maxEntryBytes) return;
      drop(key);
      kept.set(key, run);
      used += run.bytes.length + entryBytes;
      for (const old of kept.keys()) {
        if (used <= budgetBytes) break;
        drop(old);
      }
    },
    get usedBytes() {
      return used;
    },
    async close() {
      kept.clear();
    },
  };
}

const ttlSeconds = 3_600;

/** Shared by instances; while Redis is away runs are simply not remembered. */
export async function redisCache(url: string, logger: Logger): Promise<RunCache> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
  });
  redis.on("error", (err) => logger.debug("result cache: Redis is away", { err }));
  await redis.connect().catch(() => undefined);
  return {
    async get(key) {
      const [engine, bytes] = await redis
        .hmgetBuffer(`jq-data:run:${key}`, "engine", "bytes")
        .catch(() => [null, null]);
      return engine && bytes ? { engine: engine.toString(), bytes } : undefined;
    },
    set(key, { bytes, engine }) {
      if (bytes.length > maxEntryBytes) return;
      const name = `jq-data:run:${key}`;
      redis
        .multi()
        .hset(name, { engine, bytes: Buffer.from(bytes) })
        .expire(name, ttlSeconds)
        .exec()
        .catch(() => undefined);
    },
    usedBytes: 0,
    async close() {
      redis.disconnect();
    },
  };
}
