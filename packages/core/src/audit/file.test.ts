import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { AuditEvent } from "./event.ts";
import { type FileSinkOptions, openFileSink } from "./file.ts";
import { verifyAuditTrail } from "./verify.ts";

const folder = mkdtempSync(join(tmpdir(), "audit-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const key = Buffer.alloc(32, 7);
let path = "";
let count = 0;
beforeEach(() => {
  count += 1;
  path = join(folder, `trail-${count}.log`);
});

const event = (n: number): AuditEvent => ({
  ts: "2026-01-01T00:00:00.000Z",
  kind: "call",
  request_id: `r${n}`,
  server: "shop",
  tool: "query",
  principal: "key:ann",
  args: { sql: "select ä\n1" },
  verdict: "ok",
});
const sinkAt = (options: Partial<FileSinkOptions> = {}) => openFileSink({ path, key, ...options });
const records = (file = path) =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const types = (file = path) =>
  records(file)
    .map((record) => record.type)
    .join(" ");
const verify = () => verifyAuditTrail(path, { keys: [key] });

test("keeps events in order, one line each, for the owner only, and closes with a signed head", async () => {
  const sink = await sinkAt({ fsync: "always" });
  await Promise.all([1, 2, 3].map((n) => sink.write(event(n))));
  await sink.close();
  expect(types()).toBe("start event event event head");
  expect(
    records()
      .slice(1, 4)
      .map((record) => record.body.request_id),
  ).toEqual(["r1", "r2", "r3"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(`${path}.head`).mode & 0o777).toBe(0o600);
  expect(await verify()).toEqual({
    ok: true,
    files: 1,
    records: 5,
    events: 3,
    signatures: "verified",
    problems: [],
  });
  await expect(sink.write(event(4))).rejects.toThrow("closed");
});

test("a live trail verifies too, and a file others could read is narrowed", async () => {
  writeFileSync(path, "");
  chmodSync(path, 0o666);
  const sink = await sinkAt({ headEvery: 2 });
  for (let n = 0; n < 5; n++) await sink.write(event(n));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(types()).toBe("start event event head event event head event");
  expect(await verify()).toMatchObject({ ok: true, events: 5 });
  await sink.close();
});

test("a restart goes on with the same chain", async () => {
  for (let run = 0; run < 3; run++) {
    const sink = await sinkAt();
    await sink.write(event(run));
    await sink.close();
  }
  expect(types()).toBe("start event head start event head start event head");
  expect(new Set(records().map((record) => record.chain)).size).toBe(1);
  expect(records()[3].body).toMatchObject({ resumed: true });
  expect(await verify()).toMatchObject({ ok: true, records: 9 });
});

test("rotation by size: the chain goes on across files, and a restart finds it", async () => {
  for (let run = 0; run < 2; run++) {
    const sink = await sinkAt({ maxBytes: 2_000 });
    for (let n = 0; n < 30; n++) await sink.write(event(n));
    await sink.close();
  }
  const report = await verify();
  expect(report).toMatchObject({ ok: true, events: 60 });
  expect(report.files).toBeGreaterThan(5);
  // A lost rotated file is a gap.
  unlinkSync(`${path}.000002`);
  expect((await verify()).problems).toMatchObject([{ kind: "gap", line: 1 }]);
});

test("a process that died between setting a file aside and opening the next resumes without alarm", async () => {
  const sink = await sinkAt();
  await sink.write(event(1));
  await sink.close();
  renameSync(path, `${path}.000001`);
  const next = await sinkAt();
  await next.write(event(2));
  await next.close();
  expect(await verify()).toMatchObject({ ok: true, files: 2, events: 2 });
});

test("a torn last line is cut off on restart, said so, and the trail verifies", async () => {
  const sink = await sinkAt();
  await sink.write(event(1));
  await sink.close();
  appendFileSync(path, '{"body":{"args":{"sql":"sel');
  const notices: string[] = [];
  const next = await sinkAt({ onNotice: (notice) => notices.push(notice) });
  await next.close();
  expect(notices).toEqual([expect.stringContaining("27 bytes")]);
  expect(records()[3].body).toMatchObject({ torn_bytes: 27 });
  expect(await verify()).toMatchObject({ ok: true });
});

test.each([
  ["shortened", () => truncateSync(path, readFileSync(path).indexOf(0x0a) + 1)],
  ["emptied", () => truncateSync(path, 0)],
  ["deleted", () => unlinkSync(path)],
  ["damaged", () => writeFileSync(path, readFileSync(path, "utf8").replace(/"seq":2/, '"seq":9'))],
])("a trail that was %s while the server was down is not papered over by a restart", async (_, harm) => {
  const sink = await sinkAt();
  await sink.write(event(1));
  await sink.close();
  harm();
  const notices: string[] = [];
  const next = await sinkAt({ onNotice: (notice) => notices.push(notice) });
  await next.write(event(2));
  await next.close();
  expect(notices).toHaveLength(1);
  expect(records()[0].body).toMatchObject({ after_damage: true });
  expect((await verify()).problems).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: "truncation", message: expect.stringContaining("set aside") }),
    ]),
  );
  expect(readdirSync(folder)).toContain(`trail-${count}.log.000001`);
});

test("a file moved away under the server is followed by a new one with the same chain", async () => {
  const sink = await sinkAt();
  await sink.write(event(1));
  renameSync(path, `${path}.000001`);
  await sink.write(event(2));
  await sink.close();
  expect(await verify()).toMatchObject({ ok: true, files: 2, events: 2 });
});

test("a second writer is noticed instead of being mixed in", async () => {
  const sink = await sinkAt();
  await sink.write(event(1));
  const other = await sinkAt();
  await expect(sink.write(event(2))).rejects.toThrow("changed by something else");
  await other.write(event(3));
  await other.close();
  await expect(sink.close()).rejects.toThrow();
  expect(await verify()).toMatchObject({ ok: true, events: 2 });
});

test("what cannot be opened is a configuration error with the fix", async () => {
  for (const bad of [join(folder, "none", "a.log"), folder]) {
    await expect(openFileSink({ path: bad })).rejects.toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringMatching(/ENOENT|EISDIR/) }),
    );
  }
  const before = statSync("/dev/null").mode;
  await expect(openFileSink({ path: "/dev/null" })).rejects.toThrow(/not a regular file/);
  expect(statSync("/dev/null").mode).toBe(before);
});

test("a full disk rejects the events it could not keep, leaves no torn line, and the chain goes on after", async () => {
  // A limit on the file size stands for the full disk: the write fails half way in the same manner.
  const script = `
    import { openFileSink } from ${JSON.stringify(new URL("./file.ts", import.meta.url).href)};
    import { truncateSync, statSync } from "node:fs";
    process.on("SIGXFSZ", () => {});
    const sink = await openFileSink({ path: ${JSON.stringify(path)}, key: Buffer.alloc(32, 7) });
    const outcomes = [];
    for (let n = 0; n < 12; n++) {
      const event = ${JSON.stringify(event(0))};
      event.request_id = "r" + n;
      event.args = { sql: "x".repeat(n === 5 ? 9000 : 10) };
      outcomes.push(await sink.write(event).then(() => "kept", (error) => error.code));
    }
    await sink.close();
    console.log(JSON.stringify(outcomes));
  `;
  const limited = spawn("bash", [
    "-c",
    'ulimit -f 8 && exec "$0" --import tsx --input-type=module -e "$1"',
    process.execPath,
    script,
  ]);
  let out = "";
  let err = "";
  limited.stdout.on("data", (chunk) => (out += chunk));
  limited.stderr.on("data", (chunk) => (err += chunk));
  await once(limited, "close");
  expect(err).toBe("");
  const outcomes: string[] = JSON.parse(out);
  expect(outcomes[5]).toBe("EFBIG");
  expect(outcomes.filter((outcome) => outcome === "kept")).toHaveLength(11);
  expect(await verify()).toMatchObject({ ok: true, events: 11 });
});

test("a killed process loses nothing it acknowledged, and the next one goes on", async () => {
  const script = `
    import { openFileSink } from ${JSON.stringify(new URL("./file.ts", import.meta.url).href)};
    const sink = await openFileSink({ path: ${JSON.stringify(path)}, key: Buffer.alloc(32, 7), headEvery: 10 });
    for (let n = 0; ; n++) {
      await sink.write({ ...${JSON.stringify(event(0))}, request_id: "r" + n });
      process.stdout.write(n + "\\n");
    }
  `;
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
      if (out.length > 500 + 777 * round) child.kill("SIGKILL");
    });
    await once(child, "close");
    const acknowledged = out.slice(0, out.lastIndexOf("\n")).split("\n").length;
    const sink = await sinkAt();
    const kept = records().filter((record) => record.type === "event").length;
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    await sink.close();
    expect(await verify()).toMatchObject({ ok: true });
    renameSync(path, `${path}.${round}.done`);
    rmSync(`${path}.head`);
  }
});

test("many writers at once cost few writes and keep every event", async () => {
  const sink = await sinkAt({ fsync: "always" });
  const started = performance.now();
  await Promise.all(Array.from({ length: 5_000 }, (_, n) => sink.write(event(n))));
  expect(performance.now() - started).toBeLessThan(5_000);
  await sink.close();
  expect(await verify()).toMatchObject({ ok: true, events: 5_000 });
});
