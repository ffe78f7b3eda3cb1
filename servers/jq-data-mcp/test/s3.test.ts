import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startS3 } from "../../../scripts/services/s3.mjs";
import { createDatasets } from "../src/datasets/registry.ts";
import type { ObjectReader, ObjectStore } from "../src/sync/object-store.ts";
import { probeConditions } from "../src/sync/probe.ts";
import { s3Store } from "../src/sync/s3-store.ts";
import { bucketOf, s3Client, testKeys } from "./support/bucket.ts";
import { openInstance, sharedState } from "./support/instance.ts";

let server: Awaited<ReturnType<typeof startS3>>;
let folder: string;
let buckets = 0;

beforeAll(async () => {
  server = await startS3();
  folder = mkdtempSync(join(tmpdir(), "s3-test-"));
}, 90_000);
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function bucket(): Promise<{ name: string; store: ObjectStore & ObjectReader }> {
  buckets += 1;
  const name = `bucket-${buckets}-${process.pid}`;
  return { name, store: await bucketOf(server.url, name) };
}

test("a real S3-compatible server keeps the conditions sync rests on", async () => {
  const { store } = await bucket();
  await probeConditions(store);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const racers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => store.put("race", bytes(`${i}`), { ifAbsent: true })),
  );
  expect(racers.filter(({ kind }) => kind === "stored")).toHaveLength(1);
  const object = await store.get("race");
  expect(await store.getIfChanged("race", object?.etag ?? "")).toBe("same");
  expect(await store.get("nothing/here")).toBeUndefined();
  await store.put("odd names/é &<'>.json", bytes("x"));
  expect((await store.list("odd names/")).map(({ key }) => key)).toEqual(["odd names/é &<'>.json"]);
  for (let i = 0; i < 5; i += 1) await store.delete("race");
  expect(await store.get("race")).toBeUndefined();
});

test("a bucket that is not there, or nobody answers for, is told as that, not as one without conditions", async () => {
  const { store } = await bucket();
  const missing = s3Store({ bucket: "nowhere", endpoint: server.url, region: "us-east-1", ...testKeys });
  const none = {
    code: "CONFIG_ERROR",
    message: "There is no bucket named nowhere.",
    details: { reason: "no_bucket" },
  };
  await expect(probeConditions(missing)).rejects.toMatchObject(none);
  await expect(missing.get("manifest.json")).rejects.toMatchObject(none);
  await expect(missing.put("x", new Uint8Array(1), { ifMatch: '"1"' })).rejects.toMatchObject(none);
  expect(await store.put("x", new Uint8Array(1), { ifMatch: '"1"' })).toEqual({ kind: "refused" });
  const deaf = s3Store({ bucket: "b", endpoint: "http://127.0.0.1:9", region: "us-east-1", ...testKeys });
  await expect(probeConditions(deaf)).rejects.toMatchObject({
    code: "UPSTREAM_ERROR",
    hint: expect.stringContaining("sync.endpoint"),
  });
});

test("instances agree through it, and a snapshot serves who comes later", async () => {
  const { store } = await bucket();
  const open = ["a", "b"].map((name) =>
    openInstance(join(folder, `agree-${name}.db`), store, { snapshotEvery: 3 }),
  );
  for (let i = 0; i < 6; i += 1) {
    for (const one of open) {
      one.edit(`tool${i % 3}`, `${i}`);
      await one.sync.sync();
    }
  }
  for (const one of open) await one.sync.sync();
  const late = openInstance(join(folder, "agree-late.db"), store);
  await late.sync.sync();
  const [first] = open;
  for (const one of [...open, late])
    expect(sharedState(one.db)).toEqual(sharedState((first as typeof late).db));
  expect(late.db.get("SELECT count(*) AS n FROM versions")).toEqual({ n: 12 });
  for (const one of [...open, late]) one.db.close();
});

test("kill -9 at every request of a sync, before and after it: nothing is lost and nothing happens twice", async () => {
  const { name, store } = await bucket();
  const path = join(folder, "mortal.db");
  const fixture = fileURLToPath(new URL("./fixtures/sync-and-die.ts", import.meta.url));
  let edits = 0;
  let survived = 0;
  for (let at = 1; at <= 14; at += 1) {
    for (const when of ["before", "after"]) {
      const args = [
        "--import",
        "tsx",
        "--conditions=@mcp-data/source",
        fixture,
        path,
        server.url,
        name,
        String(at),
        when,
      ];
      const run = spawnSync(process.execPath, args, {
        encoding: "utf8",
        cwd: fileURLToPath(new URL("../../..", import.meta.url)),
      });
      edits += 1;
      if (run.signal !== "SIGKILL") {
        expect(run.stdout, run.stderr).toContain("done");
        survived += 1;
      }
    }
    if (survived > 1) break;
  }
  expect(survived).toBeGreaterThan(1);
  const mortal = openInstance(path, store);
  await mortal.sync.sync();
  const witness = openInstance(join(folder, "witness.db"), store);
  await witness.sync.sync();
  expect(sharedState(witness.db)).toEqual(sharedState(mortal.db));
  expect(witness.db.get("SELECT count(*) AS n FROM versions")).toEqual({ n: edits });
  expect(witness.db.get("SELECT count(*) AS n FROM activations WHERE outcome = 'applied'")).toEqual({
    n: edits,
  });
  expect(mortal.sync.status().outbox).toBe(0);
  mortal.db.close();
  witness.db.close();
}, 180_000);

test("datasets in a bucket: only under the prefix, a new version when the object changes", async () => {
  const { store } = await bucket();
  const put = (key: string, text: string) => store.put(key, new TextEncoder().encode(text));
  await put("data/a.json", "[1]");
  await put("data/sub/b.ndjson", "1\n2");
  await put("data/../secret.json", "[9]");
  await put("private/c.json", "[9]");
  await put("data-other/d.json", "[9]");
  const datasets = createDatasets({
    paths: [],
    s3: [{ store, prefix: "data/" }],
    cacheFolder: join(folder, "cache"),
  });
  expect((await datasets.list({ limit: 10 })).entries.map(({ entry }) => entry.name)).toEqual(["a", "sub/b"]);
  const first = await datasets.open("a");
  first.close();
  await put("data/a.json", "[1,2,3]");
  const second = await datasets.open("a");
  expect([first.size, second.size]).toEqual([3, 7]);
  expect(second.version).not.toBe(first.version);
  second.close();
  for (const name of ["../private/c", "secret", "../secret", "d", "c"]) {
    await expect(datasets.open(name)).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

const lines = (count: number) => Array.from({ length: count }, (_, i) => `{"id":${i}}\n`).join("");
const contentOf = (opened: { fd: number }) => readFileSync(opened.fd, "utf8");

test("objects come in pieces onto a bounded part of the disk; unpacked ones, marked or not, are kept once", async () => {
  const { name, store } = await bucket();
  const text = lines(300_000);
  await store.put("big.ndjson", Buffer.from(text));
  await store.put("zipped.ndjson.gz", gzipSync(text));
  const marked = await s3Client().fetch(`${server.url}/${name}/marked.ndjson.gz`, {
    method: "PUT",
    headers: { "content-encoding": "gzip" },
    body: gzipSync(text) as unknown as string,
  });
  expect(marked.status).toBe(200);
  const cacheFolder = join(folder, "bounded");
  const datasets = createDatasets({
    paths: [],
    s3: [{ store, prefix: "" }],
    cacheFolder,
    cacheBytes: text.length * 2,
  });
  for (const dataset of ["big", "zipped", "marked", "big"]) {
    const opened = await datasets.open(dataset);
    expect(contentOf(opened) === text).toBe(true);
    opened.close();
    const sizes = readdirSync(cacheFolder).map((file) => statSync(join(cacheFolder, file)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(text.length * 2);
  }
  const small = createDatasets({
    paths: [],
    s3: [{ store, prefix: "" }],
    cacheFolder: join(folder, "tiny"),
    cacheBytes: 1_000,
  });
  for (const dataset of ["big", "zipped"])
    await expect(small.open(dataset)).rejects.toMatchObject({ details: { reason: "no_room" } });
  expect(readdirSync(join(folder, "tiny"))).toEqual([]);
});

test("an object replaced between listing and reading is a conflict, never a mixture", async () => {
  const { store } = await bucket();
  await store.put("a.ndjson", Buffer.from(lines(10)));
  const replaced: ObjectReader = {
    async list(prefix) {
      const listed = await store.list(prefix);
      await store.put("a.ndjson", Buffer.from(lines(20)));
      return listed;
    },
    read: store.read,
  };
  const datasets = (reader: ObjectReader) =>
    createDatasets({ paths: [], s3: [{ store: reader, prefix: "" }], cacheFolder: join(folder, "replaced") });
  await expect(datasets(replaced).open("a")).rejects.toMatchObject({
    code: "CONFLICT",
    details: { reason: "changed_while_read" },
  });
  const opened = await datasets(store).open("a");
  expect(contentOf(opened)).toBe(lines(20));
  opened.close();
});

test("connections that break off are taken up where they ended; one that never delivers ends with an error", async () => {
  const text = lines(200_000);
  const { store, name } = await bucket();
  await store.put("cut.ndjson", Buffer.from(text));
  const proxy = await cuttingProxy(server.port, 700_000);
  const through = s3Store({
    bucket: name,
    endpoint: proxy.url,
    timeoutMs: 2_000,
    region: "us-east-1",
    ...testKeys,
  });
  const datasets = createDatasets({
    paths: [],
    s3: [{ store: through, prefix: "" }],
    cacheFolder: join(folder, "cut"),
  });
  const opened = await datasets.open("cut");
  expect(contentOf(opened) === text).toBe(true);
  expect(proxy.cuts()).toBeGreaterThan(2);
  opened.close();
  proxy.cutAfter(20);
  await store.put("cut.ndjson", Buffer.from(`${text}1`));
  await expect(datasets.open("cut")).rejects.toMatchObject({ code: "UPSTREAM_ERROR" });
  expect(readdirSync(join(folder, "cut")).filter((file) => file.endsWith(".part"))).toEqual([]);
  await proxy.close();
});

/** Lets so many bytes of each connection's answer through, then cuts it. */
async function cuttingProxy(port: number, bytes: number) {
  let limit = bytes;
  let cuts = 0;
  const listener = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    let passed = 0;
    from.pipe(to);
    to.on("data", (chunk) => {
      passed += chunk.length;
      if (passed <= limit) return void from.write(chunk);
      cuts += 1;
      from.end(chunk.subarray(0, Math.max(0, chunk.length - (passed - limit))));
      to.destroy();
    });
    to.on("end", () => from.end());
    for (const socket of [from, to]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    cuts: () => cuts,
    cutAfter: (count: number) => {
      limit = count;
    },
    close: () => new Promise((resolve) => listener.close(resolve)),
  };
}
