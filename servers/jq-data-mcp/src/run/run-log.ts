import type { Database } from "../store/database.ts";

export interface RunRecord {
  readonly user: string;
  /** Absent for programs that are not in the library. */
  readonly item?: string | undefined;
  readonly version?: string | undefined;
  readonly dataset?: string | undefined;
  readonly program?: string | undefined;
  readonly programHash: string;
  readonly ms: number;
  readonly bytes: number;
  readonly error?: string | undefined;
  readonly engine?: string | undefined;
  readonly cached: boolean;
}

export interface RunLog {
  note(record: RunRecord): void;
  /** Writes what is waiting; also done by itself every few milliseconds. */
  flush(): void;
  close(): void;
}

const flushMs = 20;
const keptRuns = 200_000;

/** Many records in one transaction: a log must not cost each call a disk write. */
export function createRunLog(db: Database, instance: string, now: () => Date = () => new Date()): RunLog {
  let waiting: { record: RunRecord; at: string }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let written = 0;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    db.transaction(() => {
      for (const { record, at } of batch) {
        const { user, item, version, dataset, program, programHash, ms, bytes, error, engine, cached } =
          record;
        db.run(
          "INSERT INTO runs (at, user, item, version, dataset, program, program_hash, ms, bytes, error, engine, cached) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          at,
          user,
          item ?? null,
          version ?? null,
          dataset ?? null,
          program?.slice(0, 4_000) ?? null,
          programHash,
          ms,
          bytes,
          error ?? null,
          engine ?? null,
          cached ? 1 : 0,
        );
        if (item === undefined) continue;
        db.run(
          `INSERT INTO usage (item, instance, day, user, calls, errors, total_ms, max_ms, bytes) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)
           ON CONFLICT (item, instance, day, user) DO UPDATE SET calls = calls + 1, errors = errors + excluded.errors,
           total_ms = total_ms + excluded.total_ms, max_ms = max(max_ms, excluded.max_ms), bytes = bytes + excluded.bytes`,
          item,
          instance,
          at.slice(0, 10),
          user,
          error === undefined ? 0 : 1,
          ms,
          ms,
          bytes,
        );
      }
    });
    written += batch.length;
    if (written >= 10_000) {
      written = 0;
      db.run("DELETE FROM runs WHERE id <= (SELECT max(id) FROM runs) - ?", keptRuns);
    }
  };
  return {
    note(record) {
      waiting.push({ record, at: now().toISOString() });
      if (waiting.length >= 1_000) flush();
      else timer ??= setTimeout(flush, flushMs);
    },
    flush,
    close: flush,
  };
}
