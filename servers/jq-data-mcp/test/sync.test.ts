import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../src/store/database.ts";
import { acquireLease } from "../src/sync/lease.ts";
import { probeConditions } from "../src/sync/probe.ts";
import { mergeSnapshot, takeSnapshot } from "../src/sync/snapshot.ts";
import { faultyStore } from "./support/faulty-store.ts";
import { type Instance, openInstance, sharedState } from "./support/instance.ts";

let folder: string;
const open: Instance[] = [];
const instance = (
  name: string,
  ...rest: Parameters<typeof openInstance> extends [string, ...infer R] ? R : never
) => {
  const made = openInstance(join(folder, `${name}.db`), ...rest);
  open.push(made);
  return made;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sync-test-"));
});
afterEach(() => {
  for (const one of open.splice(0)) one.db.close();
  rmSync(folder, { recursive: true, force: true });
});

async function settle(instances: readonly Instance[]): Promise<void> {
  for (let i = 0; i < 3; i += 1) for (const one of instances) await one.sync.sync();
}

test("S3 sync conflict resolution: one of two edits wins everywhere, the other is kept and proposed", async () => {
  const { store } = faultyStore();
  const [a, b] = [instance("a", store), instance("b", store)];
  a.edit("t", "start");
  await settle([a, b]);
  const [first, second] = [a.edit("t", "from a"), b.edit("t", "from b")];
  await settle([a, b]);
  expect(sharedState(a.db)).toEqual(sharedState(b.db));
  expect(a.db.get("SELECT active FROM items WHERE item = 'tool:t'")).toEqual({ active: first });
  expect(a.db.all("SELECT version, winner FROM conflicts")).toEqual([{ version: second, winner: first }]);
  expect(a.db.all("SELECT version, base FROM proposals")).toEqual([{ version: second, base: first }]);
});

test("S3 sync maintains consistency across instances: votes, roles, deletes and usage arrive", async () => {
  const { store } = faultyStore();
  const [a, b, c] = [instance("a", store), instance("b", store), instance("c", store)];
  const version = a.edit("t", "x");
  a.journal.commit([
    {
      kind: "propose",
      actor: "ann",
      proposal: "p",
      item: "tool:t",
      version,
      base: null,
      justification: "j",
      report: {},
      from_conflict: null,
    },
  ]);
  await settle([a, b, c]);
  b.journal.commit([
    { kind: "vote", actor: "bob", proposal: "p", user: "bob", vote: "approve", comment: null },
  ]);
  c.journal.commit([
    { kind: "vote", actor: "cid", proposal: "p", user: "cid", vote: "reject", comment: "no" },
    { kind: "role", actor: "o", user: "bob", role: "admin" },
  ]);
  for (const [one, calls] of [
    [b, 3],
    [c, 4],
  ] as const) {
    one.db.run(
      "INSERT INTO usage VALUES ('tool:t', ?, '2026-01-01', 'u', ?, 0, 1, 1, 1)",
      one.journal.instance,
      calls,
    );
  }
  await settle([a, b, c]);
  expect(sharedState(a.db)).toEqual(sharedState(b.db));
  expect(sharedState(a.db)).toEqual(sharedState(c.db));
  expect(a.db.all("SELECT user, vote FROM votes ORDER BY user")).toEqual([
    { user: "bob", vote: "approve" },
    { user: "cid", vote: "reject" },
  ]);
  expect(a.db.get("SELECT sum(calls) AS calls FROM usage")).toEqual({ calls: 7 });
  b.journal.commit([
    {
      kind: "activate",
      actor: "b",
      item: "tool:t",
      version: null,
      base: version,
      proposal: null,
      reason: "delete",
    },
  ]);
  await settle([a, b, c]);
  expect(c.db.get("SELECT active FROM items")).toEqual({ active: null });
});

test("a thousand operations arrive with a handful of requests", async () => {
  const { store, counts } = faultyStore();
  const a = instance("a", store);
  for (let i = 0; i < 500; i += 1) a.edit(`t${i}`, "x");
  await a.sync.sync();
  const late = instance("b", store);
  const before = counts.requests;
  expect((await late.sync.sync()).pulled).toBe(1_000);
  expect(counts.requests - before).toBeLessThanOrEqual(10);
});

test("Lock timeout scenarios: one holder at a time, an expired one is replaced, a paused one knows", async () => {
  const { store } = faultyStore();
  let now = 1_000_000;
  const take = (owner: string) => acquireLease(store, { key: "lock", owner, ttlMs: 30_000, now: () => now });
  const first = await take("a");
  expect([first?.generation, await take("b")]).toEqual([1, undefined]);
  now += 29_500;
  expect(first?.isHeld()).toBe(false);
  expect(await take("b")).toBeUndefined();
  now += 2_000;
  const second = await take("b");
  expect(second?.generation).toBe(2);
  // The paused holder comes back: its release must not free the other's lock.
  await first?.release();
  expect(await take("c")).toBeUndefined();
  await second?.release();
  expect((await take("c"))?.generation).toBe(3);
  const racers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => acquireLease(store, { key: "race", owner: `r${i}`, ttlMs: 30_000 })),
  );
  expect(racers.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test("a bucket that ignores conditions is refused", async () => {
  const { store } = faultyStore();
  await expect(probeConditions(store)).resolves.toBeUndefined();
  const careless = { ...store, put: (key: string, body: Uint8Array) => store.put(key, body) };
  await expect(probeConditions(careless)).rejects.toMatchObject({
    code: "CONFIG_ERROR",
    details: { reason: "no_conditional_writes" },
  });
});

test("a newer team, a bucket put back and a lost manifest are refused, not guessed at", async () => {
  const { store, objects } = faultyStore();
  const a = instance("a", store);
  a.edit("t", "x");
  await a.sync.sync();
  const before = objects.get("manifest.json");
  const text = JSON.parse(Buffer.from(before?.body ?? []).toString());
  await store.put("manifest.json", Buffer.from(JSON.stringify({ ...text, schema_version: 99 })));
  await expect(a.sync.sync()).rejects.toMatchObject({ details: { reason: "newer_schema" } });
  await store.put("manifest.json", Buffer.from(JSON.stringify({ ...text, head_seq: 0, segments: [] })));
  await expect(a.sync.sync()).rejects.toMatchObject({ details: { reason: "bucket_behind" } });
  objects.delete("manifest.json");
  await expect(a.sync.sync()).rejects.toMatchObject({ details: { reason: "manifest_gone" } });
  expect(a.sync.status().last_error).toMatch(/manifest/);
});

test("a damaged snapshot is not used, and the founding layout stands beside it", async () => {
  const { store, objects } = faultyStore();
  const a = instance("a", store, { snapshotEvery: 2, exportLibrary: () => ({ functions: [], tools: [] }) });
  for (let i = 0; i < 3; i += 1) {
    a.edit("t", `v${i}`);
    await a.sync.sync();
  }
  const keys = [...objects.keys()];
  for (const wanted of [
    "databases/tools.db",
    "databases/tools.db.version",
    "databases/tools.db.lock",
    "exports/approved_tools.json",
    "exports/functions.json",
  ]) {
    expect(keys).toContain(wanted);
  }
  expect(keys.some((key) => /^databases\/backups\/tools\.db\.\d{8}-\d{6}$/.test(key))).toBe(true);
  const snapshot = keys.find((key) => key.startsWith("snapshots/")) as string;
  await store.put(snapshot, Buffer.from("damaged"));
  await expect(instance("b", store).sync.sync()).rejects.toMatchObject({ details: { reason: "snapshot" } });
});

test("a part of the log that somebody wrote over is told, and nothing of it is taken in", async () => {
  const { store, objects } = faultyStore();
  const a = instance("a", store);
  a.edit("t", "x");
  await a.sync.sync();
  const segment = [...objects.keys()].find((key) => key.startsWith("ops/")) as string;
  await store.put(segment, Buffer.from("not ours"));
  const b = instance("b", store);
  await expect(b.sync.sync()).rejects.toMatchObject({ details: { reason: "segment" } });
  expect(b.sync.status()).toMatchObject({
    head_seq: 0,
    last_error: expect.stringContaining("cannot be read"),
  });
  await store.put("manifest.json", Buffer.from("{"));
  await expect(instance("c", store).sync.sync()).rejects.toMatchObject({ details: { reason: "manifest" } });
});

test("deactivated and deleted apart from each other: all agree on which came first, the other is kept", async () => {
  const { store } = faultyStore();
  const [a, b, c] = [instance("a", store), instance("b", store), instance("c", store)];
  a.edit("t", "x");
  await settle([a, b, c]);
  const go = (one: Instance, reason: string) =>
    one.journal.commit([
      {
        kind: "activate",
        actor: reason,
        item: "tool:t",
        version: null,
        base: one.head("t"),
        proposal: null,
        reason,
      },
    ]);
  go(a, "deactivate");
  go(b, "delete");
  const edit = c.edit("t", "meanwhile");
  await settle([a, b, c]);
  for (const one of [b, c]) expect(sharedState(one.db)).toEqual(sharedState(a.db));
  expect(a.head("t")).toMatch(/^deactivated-/);
  expect(a.db.get("SELECT active FROM items WHERE item = 'tool:t'")).toEqual({ active: null });
  expect(a.db.all("SELECT actor, version FROM conflicts ORDER BY actor = 'delete'")).toEqual([
    { actor: c.journal.instance, version: edit },
    { actor: "delete", version: null },
  ]);
  // Both switch it off, on the same: one happened, the other says nothing new.
  b.edit("t", "back");
  await settle([a, b, c]);
  go(a, "deactivate");
  go(b, "deactivate");
  await settle([a, b, c]);
  for (const one of [b, c]) expect(sharedState(one.db)).toEqual(sharedState(a.db));
  expect(a.db.get("SELECT count(*) AS n FROM conflicts")).toEqual({ n: 2 });
  expect(c.head("t")).toMatch(/^deactivated-/);
});

test("a snapshot that an earlier program left is read, as today's", async () => {
  const { store } = faultyStore();
  const a = instance("a", store);
  const version = a.edit("t", "x");
  await settle([a]);
  const { plain } = takeSnapshot(a.db);
  const path = join(folder, "earlier.db");
  writeFileSync(path, plain);
  const earlier = openDatabase(path);
  earlier.exec("ALTER TABLE activations DROP COLUMN reason");
  earlier.exec("PRAGMA user_version = 1");
  earlier.exec("PRAGMA journal_mode = DELETE");
  earlier.close();
  const packed = gzipSync(readFileSync(path));
  const b = instance("b", store);
  mergeSnapshot(b.db, packed, createHash("sha256").update(packed).digest("hex"));
  expect(b.head("t")).toBe(version);
});
