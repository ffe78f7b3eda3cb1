import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isToolError, type Logger, ToolError } from "@mcp-data/core";
import { applyOperation } from "../library/apply.ts";
import type { Journal } from "../library/journal.ts";
import type { Operation } from "../library/operations.ts";
import type { Bundle } from "../seeds/import-library.ts";
import { readMeta, writeMeta } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import { schemaVersion } from "../store/schema.ts";
import { nextManifest, pack } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import { batchSize, noteUsageSent, outboxLength, type Pending, pendingOf } from "./outbox.ts";
import { publishSnapshot } from "./publish.ts";
import { headSeqOf, pull } from "./pull.ts";
import { createTeamLog, type KnownManifest } from "./team-log.ts";

/** What became of one round. */
export interface SyncReport {
  readonly pulled: number;
  readonly pushed: number;
  readonly head_seq: number;
  readonly conflicts: number;
}

export interface SyncStatus {
  readonly last_sync: string | null;
  readonly head_seq: number;
  readonly outbox: number;
  readonly open_conflicts: number;
  readonly last_error: string | null;
}

export interface Syncer {
  /** Pulls what others did, pushes what was done here. UPSTREAM_ERROR; what is not pushed stays in the outbox. */
  sync(): Promise<SyncReport>;
  status(): SyncStatus;
  close(): Promise<void>;
}

export interface SyncerOptions {
  readonly store: ObjectStore;
  readonly db: Database;
  readonly journal: Journal;
  /** Segments after which a snapshot is made. */
  readonly snapshotEvery?: number;
  readonly leaseMs?: number;
  readonly onPulled?: (operations: readonly Operation[]) => void;
  readonly exportLibrary?: () => Bundle;
  readonly logger?: Pick<Logger, "warn">;
  readonly now?: () => number;
}

const maxAttempts = 40;

/** Brings this instance's library and the bucket's log together. */
export function createSyncer(options: SyncerOptions): Syncer {
  const { store, db, journal, snapshotEvery = 20, leaseMs = 30_000, now = Date.now } = options;
  const log = createTeamLog(store, () => headSeqOf(db));
  let running: Promise<SyncReport> | undefined;
  let lastError: string | null = null;
  let closed = false;

  /** False when somebody else was faster. */
  async function push(pending: Pending, on: KnownManifest): Promise<boolean> {
    const { operations, usage } = pending;
    const from = on.manifest.head_seq + 1;
    const to = on.manifest.head_seq + Math.max(operations.length, 1);
    const key = `ops/${String(from).padStart(12, "0")}-${randomUUID()}.json.gz`;
    const stored = await store.put(key, pack({ operations, usage }), { ifAbsent: true });
    // Not written, so nothing may name it.
    if (stored.kind === "refused") return false;
    const next = nextManifest(on.manifest, journal.instance, {
      head_seq: to,
      segments: [...on.manifest.segments, { key, from, to }],
      schema_version: schemaVersion,
    });
    if (!(await log.write(next, on))) {
      await store.delete(key).catch(() => undefined);
      return false;
    }
    db.transaction(() => {
      for (const [at, op] of operations.entries()) {
        applyOperation(db, op, from + at);
        db.run("DELETE FROM outbox WHERE hlc = ?", op.hlc);
      }
      noteUsageSent(db, pending);
      writeMeta(db, "head_seq", String(to));
    });
    return true;
  }

  async function round(): Promise<SyncReport> {
    let [pulledCount, pushedCount] = [0, 0];
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (closed) throw new ToolError("UNAVAILABLE", "The server is stopping.");
      const known = await log.read();
      const pulled = await pull({ store, db, journal }, known.manifest);
      if (pulled === undefined) log.forget();
      else {
        pulledCount += pulled.length;
        if (pulled.length > 0) options.onPulled?.(pulled);
        const pending = pendingOf(db, journal, now());
        if (pending.operations.length === 0 && pending.usage.length === 0)
          return report(pulledCount, pushedCount);
        if (await push(pending, known)) {
          pushedCount += pending.operations.length;
          attempt = 0;
          if (pending.operations.length === batchSize) continue;
          await maybeSnapshot();
          return report(pulledCount, pushedCount);
        }
      }
      await sleep(jitter(attempt));
    }
    throw new ToolError("UPSTREAM_ERROR", "Too many others write at the same time.", {
      retryAfterMs: 2_000,
      details: { reason: "contention" },
    });
  }

  function report(pulled: number, pushed: number): SyncReport {
    writeMeta(db, "last_sync", new Date(now()).toISOString());
    const head_seq = log.last()?.manifest.head_seq ?? 0;
    return { pulled, pushed, head_seq, conflicts: openConflicts() };
  }

  const openConflicts = () =>
    Number(db.get<{ n: number }>("SELECT count(*) AS n FROM conflicts WHERE resolved_at IS NULL")?.n ?? 0);

  /** Failing at it harms nothing. */
  async function maybeSnapshot(): Promise<void> {
    if ((log.last()?.manifest.segments.length ?? 0) < snapshotEvery) return;
    const { exportLibrary } = options;
    try {
      await publishSnapshot({ store, log, db, instance: journal.instance, leaseMs, exportLibrary, now });
    } catch (error) {
      options.logger?.warn("sync: a snapshot was not made", { err: error });
    }
  }

  return {
    sync() {
      running ??= round()
        .then(
          (done) => {
            lastError = null;
            return done;
          },
          (error: unknown) => {
            lastError = isToolError(error) ? error.message : "unexpected failure";
            throw error;
          },
        )
        .finally(() => {
          running = undefined;
        });
      return running;
    },
    status: () => ({
      last_sync: readMeta(db, "last_sync") ?? null,
      head_seq: headSeqOf(db),
      outbox: outboxLength(db),
      open_conflicts: openConflicts(),
      last_error: lastError,
    }),
    async close() {
      closed = true;
      await running?.catch(() => undefined);
    },
  };
}

function jitter(attempt: number): number {
  return Math.random() * Math.min(400, 10 * 2 ** Math.min(attempt, 6));
}
