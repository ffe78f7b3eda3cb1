import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Engine, EngineInput, Job } from "../engine.ts";
import { defaultLimits } from "../limits.ts";
import { openNativeEngine } from "./engine.ts";
import { findNative, isNew } from "./find.ts";

const folder = mkdtempSync(join(tmpdir(), "native-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Whatever version this machine has; what is tested is the containment around it.
const system = execFileSync("/bin/sh", ["-c", "command -v jq || true"]).toString().trim();
const open = async (): Promise<Engine> => {
  if (system === "") throw new Error("jq is not installed; run: apt-get install -y jq");
  const jq = await findNative({ path: system, allowOld: true });
  if (jq === undefined) throw new Error("jq does not run");
  return openNativeEngine({ jq });
};
const engine = await open();

async function run(program: string, input: EngineInput = { kind: "none" }, more: Partial<Job> = {}) {
  const result = await engine.run({
    program,
    input,
    limits: { ...defaultLimits, timeoutMs: 5_000 },
    owner: "u",
    ...more,
  });
  return Buffer.from(result.output ?? []).toString();
}

test.each([
  ["1.8.2", true],
  ["1.8.10", true],
  ["1.9", true],
  ["2.0.0", true],
  ["1.8.1", false],
  ["1.7.1", false],
  ["1.6", false],
])("version %s is new enough: %s", (version, expected) => {
  expect(isNew(version)).toBe(expected);
});

test("an old version is refused unless forced; a path that is no jq always", async () => {
  const old = join(folder, "jq");
  writeFileSync(old, "#!/bin/sh\necho jq-1.7.1\n");
  chmodSync(old, 0o755);
  await expect(findNative({ path: old })).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  expect(await findNative({ path: old, allowOld: true })).toEqual({ path: old, version: "1.7.1" });
  await expect(findNative({ path: "/nonexistent/jq" })).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  expect(await findNative({ env: { PATH: folder } })).toBeUndefined();
  expect(await findNative({ env: { PATH: folder }, allowOld: true })).toMatchObject({ path: old });
});

test("elements, inputs and arguments arrive as with the built-in engine", async () => {
  const file = join(folder, "data.json");
  writeFileSync(file, JSON.stringify(Array.from({ length: 200_000 }, (_, i) => ({ i }))));
  const fd = openSync(file, "r");
  const input = { kind: "file", fd, size: statSync(file).size, split: true } as const;
  expect(await run("reduce inputs as $x (0; . + $x.i)", input, { nullInput: true })).toBe("19999900000\n");
  expect(await run("select(.i == 7)", input)).toBe('{"i":7}\n');
  closeSync(fd);
  expect(await run("$a + $b", undefined, { args: { a: "x", b: "y" } })).toBe('"xy"\n');
  expect(await run("$big|length", undefined, { args: { big: "x".repeat(300_000) } })).toBe("300000\n");
});

test("it sees no environment and no options", async () => {
  process.env.NATIVE_TEST_SECRET = "leak";
  expect(await run('env | has("NATIVE_TEST_SECRET")')).toBe("false\n");
  expect(await run("-1")).toBe("-1\n");
});

test("loops, memory and floods are ended", async () => {
  const limits = { ...defaultLimits, timeoutMs: 300 };
  await expect(run("def f: f; f", undefined, { limits })).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
  await expect(run('reduce range(64) as $i ("x"; . + .)')).rejects.toMatchObject({
    code: "COST_LIMIT_EXCEEDED",
  });
  await expect(
    run('repeat("x")', undefined, { limits: { ...limits, timeoutMs: 5_000, outputBytes: 100_000 } }),
  ).rejects.toMatchObject({
    code: "RESULT_TOO_LARGE",
  });
  await expect(run("[1", undefined)).rejects.toMatchObject({ details: { reason: "compile" } });
  await expect(run(".", { kind: "bytes", bytes: Buffer.from("[1 2]"), split: true })).rejects.toMatchObject({
    details: { reason: "input_malformed" },
  });
  const gone = AbortSignal.timeout(100);
  await expect(run("def f: f; f", undefined, { signal: gone })).rejects.toMatchObject({ code: "CANCELLED" });
});

test("data that cannot be read fails the run, not the process", async () => {
  const folderFd = openSync(folder, "r");
  await expect(run(".", { kind: "file", fd: folderFd, size: 10, split: false })).rejects.toMatchObject({
    code: "QUERY_ERROR",
    details: { reason: "input" },
  });
  closeSync(folderFd);
});

test("nothing stays behind", () => {
  expect(engine.stats()).toMatchObject({ busy: 0, waiting: 0 });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`jq-data-${process.pid}`))).toEqual([]);
});
