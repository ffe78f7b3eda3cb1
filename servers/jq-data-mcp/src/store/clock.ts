import { z } from "zod";
import type { Database } from "./database.ts";

/** Milliseconds, a counter within one, and the instance: texts that sort in the order things happened. */
export interface HybridClock {
  next(): string;
  /** Later stamps follow whatever was seen. */
  observe(stamp: string): void;
}

export const stampSchema = z.string().regex(/^\d{15}-\d{6}-[\w-]{1,64}$/);
/** A clock far ahead must not drag everybody's along. */
const maxAheadMs = 24 * 3_600_000;

export function createClock(instance: string, now: () => number = Date.now, last = ""): HybridClock {
  let [ms, count] = parse(last);
  return {
    next() {
      const current = now();
      if (current > ms) [ms, count] = [current, 0];
      else count += 1;
      return `${String(ms).padStart(15, "0")}-${String(count).padStart(6, "0")}-${instance}`;
    },
    observe(stamp) {
      const [seenMs, seenCount] = parse(stamp);
      if (seenMs > now() + maxAheadMs) return;
      if (seenMs > ms || (seenMs === ms && seenCount > count)) [ms, count] = [seenMs, seenCount];
    },
  };
}

function parse(stamp: string): [number, number] {
  const [ms = "0", count = "0"] = stamp.split("-");
  return [Number(ms) || 0, Number(count) || 0];
}

export function isoOf(stamp: string): string {
  return new Date(parse(stamp)[0]).toISOString();
}

export function readMeta(db: Database, key: string): string | undefined {
  return db.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)?.value;
}

export function writeMeta(db: Database, key: string, value: string): void {
  db.run(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    key,
    value,
  );
}
