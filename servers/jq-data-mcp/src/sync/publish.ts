import type { Bundle } from "../seeds/import-library.ts";
import type { Database } from "../store/database.ts";
import { stamp } from "../store/migrate.ts";
import { schemaVersion } from "../store/schema.ts";
import { acquireLease } from "./lease.ts";
import { encode, type Manifest, nextManifest } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import { headSeqOf } from "./pull.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { TeamLog } from "./team-log.ts";

const lockKey = "databases/tools.db.lock";
/** Others may be reading what a snapshot has replaced. */
const garbageAgeMs = 3_600_000;

export interface PublishParts {
  readonly store: ObjectStore;
  readonly log: TeamLog;
  readonly db: Database;
  readonly instance: string;
  readonly leaseMs: number;
  readonly exportLibrary?: (() => Bundle) | undefined;
  readonly now: () => number;
}

/** Puts a snapshot in place of the segments it holds: a smaller log for those who start later. */
export async function publishSnapshot(parts: PublishParts): Promise<void> {
  const { store, log, db, instance, leaseMs, now } = parts;
  const lease = await acquireLease(store, { key: lockKey, owner: instance, ttlMs: leaseMs, now });
  if (lease === undefined) return;
  const seq = headSeqOf(db);
  const { packed, plain, sha256 } = takeSnapshot(db);
  const key = `snapshots/${String(seq).padStart(12, "0")}-${sha256}.db.gz`;
  await store.put(key, packed);
  if (!lease.isHeld()) return;
  const latest = await log.read();
  if (latest.manifest.head_seq < seq || latest.etag === undefined) return;
  const replaced = latest.manifest.segments.filter(({ to }) => to <= seq).map((segment) => segment.key);
  const next = nextManifest(latest.manifest, instance, {
    snapshot: { key, seq, sha256 },
    segments: latest.manifest.segments.filter(({ to }) => to > seq),
  });
  if (await log.write(next, latest)) {
    await writeFoundingLayout(parts, plain, seq, sha256);
    await collectGarbage(parts, next, replaced);
  }
  await lease.release();
}

/** The bucket as the founding guide lays it out, for people and other programs. */
async function writeFoundingLayout(
  { store, exportLibrary, now }: PublishParts,
  plain: Uint8Array,
  seq: number,
  sha256: string,
): Promise<void> {
  const at = new Date(now());
  await store.put("databases/tools.db", plain);
  await store.put(
    "databases/tools.db.version",
    encode({ seq, sha256, schema_version: schemaVersion, at: at.toISOString() }),
  );
  await store.put(`databases/backups/tools.db.${stamp(at)}`, plain);
  const bundle = exportLibrary?.();
  if (bundle === undefined) return;
  await store.put("exports/approved_tools.json", encode({ tools: bundle.tools }));
  await store.put("exports/functions.json", encode({ functions: bundle.functions }));
}

/** Deletes what no manifest names any more, old enough for everybody to have moved on. */
async function collectGarbage(
  { store, now }: PublishParts,
  manifest: Manifest,
  justReplaced: readonly string[],
): Promise<void> {
  const named = new Set([
    ...manifest.segments.map(({ key }) => key),
    manifest.snapshot?.key,
    ...justReplaced,
  ]);
  const isOld = (object: { changedAt: string }) => Date.parse(object.changedAt) < now() - garbageAgeMs;
  for (const prefix of ["ops/", "snapshots/"]) {
    for (const object of await store.list(prefix)) {
      if (!named.has(object.key) && isOld(object)) await store.delete(object.key);
    }
  }
}
