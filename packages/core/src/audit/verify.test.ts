import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkHead, linkRecord, newChain } from "./chain.ts";
import { openFileSink } from "./file.ts";
import { createStderrSink } from "./stderr.ts";
import { verifyAuditTrail } from "./verify.ts";

const folder = mkdtempSync(join(tmpdir(), "audit-verify-"));
afterAll(() => rmSync(folder, { recursive: true }));
const key = Buffer.alloc(32, 1);
const path = join(folder, "trail.log");
const lineBreak = 0x0a;
let whole: Buffer;
let lines: string[];

beforeAll(async () => {
  for (let run = 0; run < 2; run++) {
    const sink = await openFileSink({ path, key, headEvery: 4 });
    for (let n = 0; n < 6; n++) {
      await sink.write({
        ts: "2026-01-01T00:00:00.000Z",
        kind: "call",
        request_id: `r${run}-${n}`,
        server: "shop",
        tool: "query",
        principal: "key:ann",
        args: { note: "naïve \ufffd €", n: 1.5 },
        verdict: "ok",
        timing_ms: 1e-7,
      });
    }
    await sink.close();
  }
  whole = readFileSync(path);
  lines = whole.toString().split("\n").slice(0, -1);
});

async function verify(content: Buffer | string, keys: Buffer[] = [key]) {
  writeFileSync(path, content);
  return verifyAuditTrail(path, { keys });
}
const joined = (list: readonly string[]) => list.map((line) => `${line}\n`).join("");
const kinds = async (content: Buffer | string) =>
  (await verify(content)).problems.map((one) => `${one.kind} ${one.line}`);

test("the untouched trail is fine, with and without the key", async () => {
  expect(await verify(whole)).toMatchObject({ ok: true, events: 12, signatures: "verified", problems: [] });
  expect(await verify(whole, [])).toMatchObject({ ok: true, signatures: "not_checked" });
  expect(lines.length).toBe(18);
});

test("any changed, inserted or removed byte is found", async () => {
  const at = fc.nat(whole.length - 1);
  const byte = fc.integer({ min: 0, max: 255 });
  await fc.assert(
    fc.asyncProperty(at, byte, fc.constantFrom("change", "insert", "remove"), async (index, value, how) => {
      fc.pre(how !== "change" || whole[index] !== value);
      const after = whole.subarray(how === "insert" ? index : index + 1);
      const middle = how === "remove" ? Buffer.alloc(0) : Buffer.from([value]);
      const mutated = Buffer.concat([whole.subarray(0, index), middle, after]);
      expect((await verify(mutated)).ok).toBe(false);
    }),
    { numRuns: 600 },
  );
});

test("another spelling of the same record is found", async () => {
  const line = lines[2] ?? "";
  const spellings = [
    `{ ${line.slice(1)}`,
    `${line} `,
    `${line}\r`,
    line.replace('"n":1.5', '"n":1.50'),
    line.replace("€", "\\u20ac"),
    line.replace('"seq":2', '"seq":1,"seq":2'),
    line.replace(/^\{"body":(.*),("chain":"\w+"),/, '{$2,"body":$1,'),
  ];
  for (const spelling of spellings) {
    expect(spelling).not.toBe(line);
    expect(await kinds(joined(lines.with(2, spelling)))).toEqual(["edit 3"]);
  }
  // A replacement character that lost a byte decodes to itself.
  const at = whole.indexOf("\ufffd") + 2;
  expect((await verify(Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]))).ok).toBe(false);
});

test("a record replaced by one that is right in itself is found by the next one's link", async () => {
  const { chain, seq, prev_hash, type, body } = JSON.parse(lines[2] ?? "");
  const forged = linkRecord({ chain, seq, hash: prev_hash }, type, { ...body, principal: "key:eve" });
  expect(await kinds(joined(lines.with(2, forged.line.trimEnd())))).toEqual(["edit 4"]);
});

test("every dropped line, every swap and every repetition is found", async () => {
  for (let i = 0; i < lines.length; i++) {
    expect((await verify(joined(lines.toSpliced(i, 1)))).ok, `drop ${i}`).toBe(false);
    for (let j = 0; j < lines.length; j++) {
      if (i < j) {
        const swapped = lines.with(i, lines[j] ?? "").with(j, lines[i] ?? "");
        expect((await verify(joined(swapped))).ok, `swap ${i} ${j}`).toBe(false);
      }
      const repeated = lines.toSpliced(j, 0, lines[i] ?? "");
      expect((await verify(joined(repeated))).ok, `repeat ${i} at ${j}`).toBe(false);
    }
  }
});

test("every cut at the end is found, at each byte of the last lines and at each line", async () => {
  const lastLines = whole.lastIndexOf(lineBreak, whole.lastIndexOf(lineBreak, whole.length - 2) - 1);
  for (let size = lastLines; size < whole.length; size++) {
    expect((await verify(whole.subarray(0, size))).ok, `${size}`).toBe(false);
  }
  for (let n = 0; n < lines.length; n++)
    expect((await verify(joined(lines.slice(0, n)))).ok, `${n}`).toBe(false);
  // Also where the remaining part ends in a closing head of its own.
  expect(await kinds(joined(lines.slice(0, 9)))).toEqual(["truncation 9"]);
});

test("problems are named by kind and line", async () => {
  const edited = lines.with(4, (lines[4] ?? "").replace("r0-3", "r0-9").replace("r0-2", "r0-9"));
  expect(await kinds(joined(edited))).toEqual(["edit 5"]);
  expect(await kinds(joined(lines.toSpliced(4, 1)))).toEqual(["gap 5"]);
  expect(await kinds(joined(lines.with(4, lines[5] ?? "").with(5, lines[4] ?? "")))).toEqual(["reorder 6"]);
  expect(await kinds(joined(lines.toSpliced(4, 0, lines[2] ?? "")))).toEqual(["insert 5"]);
  expect((await verify(joined(lines.toSpliced(4, 2)))).problems[0]?.message).toBe(
    "records 4 to 5 are missing",
  );
});

test("a rewritten tail with correct hashes is found by its signature", async () => {
  // Whoever can write the file can compute hashes, but not sign.
  const record = JSON.parse(lines[2] ?? "");
  let at = { chain: record.chain, seq: record.seq, hash: record.prev_hash };
  const forged: string[] = [];
  for (const line of lines.slice(2)) {
    const { type, body } = JSON.parse(line);
    const next =
      type === "head"
        ? linkHead(at, body.closing, body.ts, Buffer.alloc(32, 2))
        : linkRecord(at, type, { ...body, principal: "key:eve" });
    forged.push(next.line.trimEnd());
    at = next.next;
  }
  const report = await verify(joined([...lines.slice(0, 2), ...forged]));
  expect(report.problems.map((one) => one.kind)).toContain("signature");
  expect(report.problems.map((one) => one.kind)).toContain("truncation");
});

test("a wrong key, a damaged and a missing head file are told", async () => {
  expect((await verify(whole, [Buffer.alloc(32, 9)])).problems.map((one) => one.kind)).toContain("signature");
  expect(await verify(whole, [Buffer.alloc(32, 9), key])).toMatchObject({ ok: true });
  const head = readFileSync(`${path}.head`);
  writeFileSync(`${path}.head`, "{}");
  expect(await kinds(whole)).toEqual(["signature 0"]);
  rmSync(`${path}.head`);
  expect(await kinds(whole)).toEqual([]);
  expect(await kinds(joined(lines.slice(0, -1)))).toEqual(["truncation 17"]);
  writeFileSync(`${path}.head`, head);
});

test("an empty file, a missing one and one that is no trail are told", async () => {
  expect(await kinds("")).toEqual(["truncation 0"]);
  expect((await verify(Buffer.alloc(50_000, 65))).ok).toBe(false);
  expect((await verify("null\n[]\n{}\n")).problems).toHaveLength(4);
  await expect(verifyAuditTrail(join(folder, "none.log"))).rejects.toThrow(
    expect.objectContaining({ code: "NOT_FOUND" }),
  );
});

test("a collected stderr verifies among other lines", async () => {
  const collected: string[] = [];
  let broken = false;
  const sink = createStderrSink({
    key,
    headEvery: 2,
    to: {
      write(text, done) {
        if (!broken) collected.push(text);
        done(broken ? new Error("EPIPE") : null);
      },
    },
  });
  const event = {
    ts: "t",
    kind: "call",
    request_id: "r",
    server: "s",
    tool: "t",
    principal: "p",
    args: {},
  } as const;
  await sink.write(event);
  collected.push('{"level":"info","message":"between"}\n', "plain text\n");
  await sink.write(event);
  broken = true;
  await expect(sink.write(event)).rejects.toThrow("EPIPE");
  broken = false;
  await Promise.all([sink.write(event), sink.close()]);
  const file = join(folder, "stderr.log");
  writeFileSync(file, collected.join(""));
  expect(await verifyAuditTrail(file, { keys: [key], mixed: true })).toMatchObject({ ok: true, events: 3 });
  writeFileSync(file, collected.join("").replace('"request_id":"r"', '"request_id":"x"'));
  expect((await verifyAuditTrail(file, { keys: [key], mixed: true })).ok).toBe(false);
});

test("a chain links across many records without holding them", () => {
  let at = newChain();
  for (let n = 0; n < 1_000; n++) at = linkRecord(at, "event", { n }).next;
  expect(at.seq).toBe(1_000);
});
