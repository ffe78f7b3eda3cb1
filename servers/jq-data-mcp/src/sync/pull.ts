import { ToolError } from "@mcp-data/core";
import { applyOperation } from "../library/apply.ts";
import type { Journal } from "../library/journal.ts";
import type { Operation } from "../library/operations.ts";
import { readMeta, writeMeta } from "../store/clock.ts";
import type { Database } from "../store/database.ts";
import { type Manifest, type Segment, segmentSchema, unpack } from "./manifest.ts";
import type { ObjectStore } from "./object-store.ts";
import { insert, mergeSnapshot } from "./snapshot.ts";

/** How much of the team's log is in the tables. */
export const headSeqOf = (db: Database): number => Number(readMeta(db, "head_seq") ?? 0);

/**
 * Takes in what the manifest names and this instance does not have; what was new of it. Undefined when an object is
 * gone: a newer manifest names something else.
 */
export async function pull(
  { store, db, journal }: { readonly store: ObjectStore; readonly db: Database; readonly journal: Journal },
  manifest: Manifest,
): Promise<Operation[] | undefined> {
  const pulled: Operation[] = [];
  const first = manifest.segments[0]?.from ?? manifest.head_seq + 1;
  if (headSeqOf(db) < first - 1) {
    const { snapshot } = manifest;
    const object = snapshot === null ? undefined : await store.get(snapshot.key);
    if (snapshot === null || object === undefined) return undefined;
    mergeSnapshot(db, object.body, snapshot.sha256);
    db.transaction(() => {
      // Those of ours that the snapshot says have arrived.
      db.run("DELETE FROM outbox WHERE hlc IN (SELECT hlc FROM activations WHERE seq IS NOT NULL)");
      writeMeta(db, "head_seq", String(snapshot.seq));
    });
  }
  for (const { key, from, to } of manifest.segments) {
    if (to <= headSeqOf(db)) continue;
    const object = await store.get(key);
    if (object === undefined) return undefined;
    const { operations, usage } = read(object.body);
    db.transaction(() => {
      for (const [at, op] of operations.entries()) {
        journal.clock.observe(op.hlc);
        if (applyOperation(db, op, from + at)) pulled.push(op);
        db.run("DELETE FROM outbox WHERE hlc = ?", op.hlc);
      }
      for (const row of usage) if (row.instance !== journal.instance) insert(db, "usage", row);
      writeMeta(db, "head_seq", String(to));
    });
  }
  return pulled;
}

function read(body: Uint8Array): Segment {
  try {
    return segmentSchema.parse(unpack(body));
  } catch (cause) {
    throw new ToolError("UPSTREAM_ERROR", "A part of the team's log cannot be read.", {
      hint: "Somebody wrote over it, or a later program wrote it.",
      details: { reason: "segment" },
      cause,
    });
  }
}
