import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { startS3 } from "../../../scripts/services/s3.mjs";
import type { ObjectStore } from "../src/sync/object-store.ts";
import { bucketOf } from "./support/bucket.ts";
import { withFaults } from "./support/faulty-store.ts";
import { type Instance, openInstance, sharedState } from "./support/instance.ts";
import { memoryStore } from "./support/memory-store.ts";
import { emptyLedger, randomAct, seeded } from "./support/random-team.ts";

const long = process.env.SOAK_SECONDS !== undefined;
const seed = Number(process.env.SOAK_SEED ?? 7);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sync-soak-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Bucket {
  readonly store: ObjectStore;
  stop(): Promise<unknown>;
}

async function realStore(): Promise<Bucket> {
  const server = await startS3();
  const store = await bucketOf(server.url, "soak");
  return { store, stop: () => server.stop() };
}

const buckets: readonly (readonly [kind: string, operations: number, open: () => Promise<Bucket>])[] = [
  [
    "a bucket in memory",
    long ? 10_000 : 600,
    async () => ({ ...memoryStore(), stop: async () => undefined }),
  ],
  ["an S3-compatible server", long ? 10_000 : 150, realStore],
];

test.each(buckets)(
  "eight instances and %s, random work, kills, paused lease holders, lost replies, 409, 412 and 500: all converge, nothing is lost, counters are exact",
  async (kind, total, openStore) => {
    const random = seeded(seed);
    const inner: Bucket = await openStore();
    onTestFinished(async () => void (await inner.stop()));
    const bucket = withFaults(inner.store, { lostReply: 0.05, failure: 0.05, busy: 0.05 }, random);
    const names = Array.from({ length: 8 }, (_, i) => `i${i}`);
    const paused: (() => void)[] = [];
    const counts = { kills: 0, pauses: 0, syncs: 0 };
    const open = (name: string) =>
      openInstance(join(folder, `${name}.db`), bucket.store, { snapshotEvery: 12, leaseMs: 2_000 });
    const live = new Map(names.map((name) => [name, open(name)]));
    const ledger = emptyLedger();
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const background = new Set<Promise<unknown>>();
    for (let i = 0; i < total; i += 1) {
      const name = pick(names);
      const one = live.get(name) as Instance;
      const dice = random();
      if (dice < 0.88) randomAct(one, name, i, random, ledger);
      else if (dice < 0.975) {
        counts.syncs += 1;
        const work = one.sync.sync().catch(() => undefined);
        background.add(work);
        void work.finally(() => background.delete(work));
        // A paused one is not waited for.
        if (random() < 0.6) await Promise.race([work, sleep(50)]);
      } else if (dice < 0.985) {
        // Whoever takes the lease next stands still with it, until others have taken it over and gone on.
        counts.pauses += 1;
        bucket.pauseNext((key) => key.startsWith("snapshots/"), paused);
      } else if (dice < 0.99) for (const go of paused.splice(0)) go();
      else {
        // Killed: whatever it was doing is cut off, its memory is gone, the file stays.
        counts.kills += 1;
        one.cut();
        live.set(name, open(name));
      }
    }
    Object.assign(bucket.faults, { lostReply: 0, failure: 0, busy: 0 });
    bucket.resume(paused);
    await Promise.all(background);
    bucket.resume(paused);
    const all = [...live.values()];
    for (let i = 0; i < 3; i += 1) for (const one of all) await one.sync.sync();
    const fresh = openInstance(join(folder, "fresh.db"), bucket.store);
    await fresh.sync.sync();

    const [reference] = all as [Instance];
    const expected = sharedState(reference.db);
    for (const one of [...all, fresh]) {
      expect(one.sync.status().outbox).toBe(0);
      const state = sharedState(one.db);
      for (const table of Object.keys(expected))
        expect(state[table], `${table}, seed ${seed}`).toEqual(expected[table]);
    }
    const known = new Set(fresh.db.all<{ id: string }>("SELECT id FROM versions").map(({ id }) => id));
    expect(ledger.edits.filter((id) => !known.has(id))).toEqual([]);
    const outcomes = fresh.db.all<{ op: string; outcome: string; seq: number | null }>(
      "SELECT op, outcome, seq FROM activations",
    );
    const ofEdits = outcomes.filter(({ op }) => ledger.edits.includes(op.replace("activate-", "")));
    expect(ofEdits).toHaveLength(ledger.edits.length);
    expect(ofEdits.filter(({ outcome }) => outcome !== "applied" && outcome !== "stale")).toEqual([]);
    const stale = outcomes.filter(({ outcome }) => outcome === "stale");
    expect(fresh.db.get("SELECT count(*) AS n FROM conflicts")).toEqual({ n: stale.length });
    expect(fresh.db.get("SELECT sum(calls) AS n FROM usage")).toEqual({
      n: [...ledger.calls.values()].reduce((a, b) => a + b, 0),
    });
    for (const [key, vote] of ledger.votes) {
      const [proposal = "", user = ""] = key.split(" ");
      expect(fresh.db.get("SELECT vote FROM votes WHERE proposal = ? AND user = ?", proposal, user)).toEqual({
        vote,
      });
    }
    if (long)
      process.stderr.write(
        `sync soak: ${kind}, seed ${seed}, ${total} operations, ${JSON.stringify({ ...counts, requests: bucket.counts.requests, conflicts: stale.length })}\n`,
      );
    for (const one of [...all, fresh]) one.db.close();
  },
  1_200_000,
);
