import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isToolError, type Logger, ToolError } from "@mcp-data/core";
import { applyOperation } from "../library/apply.ts";
import type { Journal } from "../library/journal.ts";
import { type Operation, operationSchema } from "../library/operations.ts";
import type { Bundle } from "../seeds/import-library.ts";
import { readMeta, writeMeta } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import { stamp } from "../store/migrate.ts";
import { schemaVersion } from "../store/schema.ts";
import { acquireLease } from "./lease.ts";
import {
  decode,
  emptyManifest,
  encode,
  type Manifest,
  manifestSchema,
  nextManifest,
  pack,
  type Segment,
  segmentSchema,
  unpack,
} from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import { insert, mergeSnapshot, takeSnapshot } from "./snapshot.ts";

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

const manifestKey = "manifest.json";
const lockKey = "databases/tools.db.lock";
const maxAttempts = 40;
const batchSize = 1_000;
/** Others may be reading what a snapshot has replaced. */
const garbageAgeMs = 3_600_000;
/** Runs of just before midnight may be counted just after it. */
const dayMs = 86_400_000;

interface Known {
  readonly manifest: Manifest;
  /** Undefined: there is none yet. */
  readonly etag: string | undefined;
}

/** Brings this instance's library and the bucket's log together. */
export function createSyncer(options: SyncerOptions): Syncer {
  const { store, db, journal, snapshotEvery = 20, leaseMs = 30_000, now = Date.now } = options;
  let known: Known | undefined;
  let running: Promise<SyncReport> | undefined;
  let lastError: string | null = null;
  let closed = false;

  const headSeq = () => Number(readMeta(db, "head_seq") ?? 0);

  async function readManifest(): Promise<Known> {
    const read =
      known?.etag === undefined
        ? await store.get(manifestKey)
        : await store.getIfChanged(manifestKey, known.etag);
    if (read === "same") return known as Known;
    if (read === undefined) {
      if (headSeq() > 0)
        throw new ToolError("CONFIG_ERROR", "The bucket's manifest is gone.", {
          hint: "Restore it, or use an empty database and bucket.",
          details: { reason: "manifest_gone" },
        });
      return { manifest: emptyManifest(schemaVersion), etag: undefined };
    }
    const parsed = manifestSchema.safeParse(decode(read.body));
    if (!parsed.success)
      throw new ToolError("UPSTREAM_ERROR", "The bucket's manifest cannot be read.", {
        details: { reason: "manifest" },
      });
    if (parsed.data.schema_version > schemaVersion) {
      throw new ToolError(
        "CONFIG_ERROR",
        `The team's library has schema ${parsed.data.schema_version}; this program knows up to ${schemaVersion}.`,
        {
          hint: "Install the version the others run.",
          details: { reason: "newer_schema" },
        },
      );
    }
    if (parsed.data.head_seq < headSeq()) {
      throw new ToolError(
        "CONFIG_ERROR",
        "The bucket is behind this instance: it was replaced or restored.",
        {
          hint: "Start with an empty database, or put the bucket back.",
          details: { reason: "bucket_behind" },
        },
      );
    }
    known = { manifest: parsed.data, etag: read.etag };
    return known;
  }

  /** Undefined when what the manifest names is gone: a newer manifest names something else. */
  async function pull(manifest: Manifest): Promise<Operation[] | undefined> {
    const pulled: Operation[] = [];
    const first = manifest.segments[0]?.from ?? manifest.head_seq + 1;
    if (headSeq() < first - 1) {
      const { snapshot } = manifest;
      const object = snapshot === null ? undefined : await store.get(snapshot.key);
      if (snapshot === null || object === undefined) return undefined;
      mergeSnapshot(db, object.body, snapshot.sha256);
      db.transaction(() => {
        // Whatever of ours the snapshot holds has arrived.
        db.run("DELETE FROM outbox WHERE hlc IN (SELECT hlc FROM activations WHERE seq IS NOT NULL)");
        writeMeta(db, "head_seq", String(snapshot.seq));
      });
    }
    for (const { key, from, to } of manifest.segments) {
      if (to <= headSeq()) continue;
      const object = await store.get(key);
      if (object === undefined) return undefined;
      const segment = segmentSchema.parse(unpack(object.body));
      db.transaction(() => {
        for (const [at, op] of segment.operations.entries()) {
          journal.clock.observe(op.hlc);
          if (applyOperation(db, op, from + at)) pulled.push(op);
          db.run("DELETE FROM outbox WHERE hlc = ?", op.hlc);
        }
        for (const row of segment.usage) if (row.instance !== journal.instance) insert(db, "usage", row);
        writeMeta(db, "head_seq", String(to));
      });
    }
    return pulled;
  }

  function pending(): { operations: Operation[]; usage: Segment["usage"]; usageMark: string } {
    const operations = db
      .all<{ body: string }>("SELECT body FROM outbox ORDER BY hlc LIMIT ?", batchSize)
      .map(({ body }) => operationSchema.parse(JSON.parse(body)));
    const sum =
      db.get<{ calls: number | null }>(
        "SELECT sum(calls) AS calls FROM usage WHERE instance = ?",
        journal.instance,
      )?.calls ?? 0;
    const [sent = "0", since = ""] = (readMeta(db, "usage_sent") ?? "").split(" ");
    const usage =
      Number(sent) === sum
        ? []
        : db.all<Segment["usage"][number]>(
            "SELECT * FROM usage WHERE instance = ? AND day >= ? ORDER BY day, item, user",
            journal.instance,
            since,
          );
    return { operations, usage, usageMark: `${sum} ${new Date(now() - dayMs).toISOString().slice(0, 10)}` };
  }

  async function round(): Promise<SyncReport> {
    let [pulledCount, pushedCount] = [0, 0];
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (closed) throw new ToolError("UNAVAILABLE", "The server is stopping.");
      const { manifest, etag } = await readManifest();
      const pulled = await pull(manifest);
      if (pulled === undefined) {
        known = undefined;
        await sleep(jitter(attempt));
        continue;
      }
      pulledCount += pulled.length;
      if (pulled.length > 0) options.onPulled?.(pulled);
      const { operations, usage, usageMark } = pending();
      if (operations.length === 0 && usage.length === 0) return report(manifest, pulledCount, pushedCount);
      const from = manifest.head_seq + 1;
      const to = manifest.head_seq + Math.max(operations.length, 1);
      const key = `ops/${String(from).padStart(12, "0")}-${randomUUID()}.json.gz`;
      const stored = await store.put(key, pack({ operations, usage }), { ifAbsent: true });
      // Not written, so nothing may name it.
      if (stored.kind === "refused") {
        await sleep(jitter(attempt));
        continue;
      }
      const next = nextManifest(manifest, journal.instance, {
        head_seq: to,
        segments: [...manifest.segments, { key, from, to }],
        schema_version: schemaVersion,
      });
      const put = await store.put(
        manifestKey,
        encode(next),
        etag === undefined ? { ifAbsent: true } : { ifMatch: etag },
      );
      if (put.kind === "refused") {
        await store.delete(key).catch(() => undefined);
        await sleep(jitter(attempt));
        continue;
      }
      db.transaction(() => {
        for (const [at, op] of operations.entries()) {
          applyOperation(db, op, from + at);
          db.run("DELETE FROM outbox WHERE hlc = ?", op.hlc);
        }
        writeMeta(db, "usage_sent", usageMark);
        writeMeta(db, "head_seq", String(to));
      });
      known = { manifest: next, etag: put.etag };
      pushedCount += operations.length;
      attempt = 0;
      if (operations.length === batchSize) continue;
      await maybeSnapshot();
      return report(next, pulledCount, pushedCount);
    }
    throw new ToolError("UPSTREAM_ERROR", "Too many others write at the same time.", {
      retryAfterMs: 2_000,
      details: { reason: "contention" },
    });
  }

  function report(manifest: Manifest, pulled: number, pushed: number): SyncReport {
    writeMeta(db, "last_sync", new Date(now()).toISOString());
    return { pulled, pushed, head_seq: manifest.head_seq, conflicts: openConflicts() };
  }

  const openConflicts = () =>
    Number(db.get<{ n: number }>("SELECT count(*) AS n FROM conflicts WHERE resolved_at IS NULL")?.n ?? 0);

  /** A smaller log for those who start later; failing at it harms nothing. */
  async function maybeSnapshot(): Promise<void> {
    const current = known;
    if (current === undefined || current.manifest.segments.length < snapshotEvery) return;
    try {
      const lease = await acquireLease(store, { key: lockKey, owner: journal.instance, ttlMs: leaseMs, now });
      if (lease === undefined) return;
      const seq = headSeq();
      const { packed, plain, sha256 } = takeSnapshot(db);
      const key = `snapshots/${String(seq).padStart(12, "0")}-${sha256}.db.gz`;
      await store.put(key, packed);
      if (!lease.isHeld()) return;
      const latest = await readManifest();
      if (latest.manifest.head_seq < seq || latest.etag === undefined) return;
      const replaced = latest.manifest.segments.filter(({ to }) => to <= seq);
      const next = nextManifest(latest.manifest, journal.instance, {
        snapshot: { key, seq, sha256 },
        segments: latest.manifest.segments.filter(({ to }) => to > seq),
      });
      const put = await store.put(manifestKey, encode(next), { ifMatch: latest.etag });
      if (put.kind === "stored") {
        known = { manifest: next, etag: put.etag };
        await publish(plain, seq, sha256);
        await collectGarbage(
          next,
          replaced.map((segment) => segment.key),
        );
      }
      await lease.release();
    } catch (error) {
      options.logger?.warn("sync: a snapshot was not made", { err: error });
    }
  }

  /** The founding bucket layout, for people and other programs. */
  async function publish(plain: Uint8Array, seq: number, sha256: string): Promise<void> {
    await store.put("databases/tools.db", plain);
    await store.put(
      "databases/tools.db.version",
      encode({ seq, sha256, schema_version: schemaVersion, at: new Date(now()).toISOString() }),
    );
    await store.put(`databases/backups/tools.db.${stamp(new Date(now()))}`, plain);
    const bundle = options.exportLibrary?.();
    if (bundle === undefined) return;
    await store.put("exports/approved_tools.json", encode({ tools: bundle.tools }));
    await store.put("exports/functions.json", encode({ functions: bundle.functions }));
  }

  /** Segments no manifest names any more, old enough for everybody to have moved on. */
  async function collectGarbage(manifest: Manifest, justReplaced: readonly string[]): Promise<void> {
    const named = new Set([
      ...manifest.segments.map(({ key }) => key),
      manifest.snapshot?.key,
      ...justReplaced,
    ]);
    const old = (object: { changedAt: string }) => Date.parse(object.changedAt) < now() - garbageAgeMs;
    for (const prefix of ["ops/", "snapshots/"]) {
      for (const object of await store.list(prefix)) {
        if (!named.has(object.key) && old(object)) await store.delete(object.key);
      }
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
      head_seq: headSeq(),
      outbox: Number(db.get<{ n: number }>("SELECT count(*) AS n FROM outbox")?.n ?? 0),
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
