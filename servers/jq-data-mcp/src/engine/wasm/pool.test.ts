import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Engine, EngineInput, Job } from "../engine.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import { openWasmPool } from "./pool.ts";

const engine: Engine = await openWasmPool({ size: 2, memoryBytes: defaultLimits.memoryBytes });
afterAll(() => engine.close());

const text = (value: string, split = false): EngineInput => ({
  kind: "bytes",
  bytes: Buffer.from(value),
  split,
});

async function run(
  program: string,
  input: EngineInput = { kind: "none" },
  more: Partial<Job> & { limits?: Limits } = {},
) {
  const result = await engine.run({ program, input, limits: defaultLimits, owner: "u", ...more });
  return Buffer.from(result.output ?? []).toString();
}

test("it is jq 1.8.2 and keeps big integers", async () => {
  expect(engine.version).toEqual({ kind: "wasm", jq: "1.8.2" });
  expect(await run(".", text("9007199254740993"))).toBe("9007199254740993\n");
});

test("output is exact, blanks at its ends too", async () => {
  expect(await run('"  a  ", ""')).toBe('"  a  "\n""\n');
  expect(await run("empty")).toBe("");
});

test("an array is served element by element, or through inputs", async () => {
  expect(await run(".+1", text("[1, 2,3]", true))).toBe("2\n3\n4\n");
  expect(await run("[inputs]", text("[1,2,3]", true), { nullInput: true })).toBe("[1,2,3]\n");
  expect(await run(".", text("1 2\n3"), { slurp: true })).toBe("[1,2,3]\n");
});

test("arguments are bound, never text", async () => {
  const hostile = '", leak: env, x: "\\(env|keys)';
  expect(await run("$x", undefined, { args: { x: hostile } })).toBe(`${JSON.stringify(hostile)}\n`);
});

test.each([
  ["-1", "-1\n"],
  ["-.a", "-1\n"],
  ["--version", "compile"],
  ["-n", "compile"],
])("a program starting with a dash is a program: %s", async (program, expected) => {
  expect(await run(program, text('{"a":1}')).catch((error) => error.details.reason)).toBe(expected);
});

test("files and the environment do not exist", async () => {
  expect(await run('$ENV.HOME, env.PATH, (env|has("AWS_SECRET_ACCESS_KEY"))')).not.toContain(
    process.env.PATH ?? "?",
  );
  await expect(run('import "x" as $x {search:"/etc"}; $x')).rejects.toMatchObject({ code: "QUERY_ERROR" });
});

test("an endless loop ends at the time limit, and its thread with it", async () => {
  const limits = { ...defaultLimits, timeoutMs: 300 };
  const { killed } = engine.stats();
  await expect(run("def f: f; f", undefined, { limits, owner: "loops" })).rejects.toMatchObject({
    code: "QUERY_TIMEOUT",
    details: { timeout_ms: 300 },
  });
  expect(engine.stats()).toMatchObject({ killed: killed + 1, busy: 0 });
  expect(await run("1")).toBe("1\n");
});

test.runIf(process.platform === "linux")("a run that goes on gives way to everybody else's", async () => {
  const niceOfThreads = () =>
    readdirSync("/proc/self/task").map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[17]);
    });
  const controller = new AbortController();
  const endless = run("def f: f; f", undefined, { signal: controller.signal }).catch((error) => error.code);
  await expect.poll(niceOfThreads, { timeout: 10_000 }).toContain(10);
  controller.abort();
  expect(await endless).toBe("CANCELLED");
  await expect.poll(niceOfThreads, { timeout: 10_000 }).not.toContain(10);
});

test("a memory bomb ends at the memory limit", async () => {
  await expect(run("[range(1e9)]")).rejects.toMatchObject({ code: "COST_LIMIT_EXCEEDED" });
});

test("output and message floods end at their limits", async () => {
  const limits = { ...defaultLimits, outputBytes: 1_000_000 };
  await expect(run('repeat("xxxxxxxxxxxxxxxx")', undefined, { limits })).rejects.toMatchObject({
    code: "RESULT_TOO_LARGE",
  });
  await expect(run("def f: debug|f; 1|f", undefined, { limits })).rejects.toMatchObject({
    details: { reason: "stderr" },
  });
});

test("deep recursion and deep data do not outlive their run", async () => {
  await expect(run("def f: 1+f; f")).rejects.toMatchObject({
    code: expect.stringMatching(/QUERY_ERROR|COST_LIMIT/),
  });
  await expect(run("reduce range(9999) as $i (1; [.])")).rejects.toMatchObject({ code: "QUERY_ERROR" });
  const deep = text(`${"[".repeat(2_000)}${"]".repeat(2_000)}`);
  await expect(run(".", deep)).rejects.toMatchObject({ details: { reason: "input_nested" } });
  expect(await run("1")).toBe("1\n");
});

test("sizes are checked before anything runs", async () => {
  await expect(run("#".repeat(70_000))).rejects.toMatchObject({ details: { reason: "program" } });
  await expect(run(".", undefined, { args: { a: "x".repeat(600_000) } })).rejects.toMatchObject({
    details: { reason: "arguments" },
  });
  await expect(run("1 \0")).rejects.toMatchObject({ details: { reason: "nul" } });
  await expect(run("1", undefined, { args: { "a b": 1 } })).rejects.toMatchObject({
    details: { reason: "argument_name" },
  });
  expect(await run("$a|length", undefined, { args: { a: "x".repeat(500_000) } })).toBe("500000\n");
});

test("runtime, compile and data errors say which they are", async () => {
  await expect(run('error("no")')).rejects.toMatchObject({ message: "no", details: { reason: "runtime" } });
  await expect(run(".a.", text("{}"))).rejects.toMatchObject({ details: { reason: "compile" } });
  await expect(run(".", text("{bad"))).rejects.toMatchObject({ details: { reason: "input" } });
});

test("a cancelled run ends at once and frees its place", async () => {
  const controller = new AbortController();
  const running = run("def f: f; f", undefined, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
  await expect(run("1", undefined, { signal: controller.signal })).rejects.toMatchObject({
    code: "CANCELLED",
  });
  expect(engine.stats().busy).toBe(0);
});

test("one person's endless programs leave the others their turn", async () => {
  const limits = { ...defaultLimits, timeoutMs: 14_000 };
  const controller = new AbortController();
  let ended = 0;
  const hostile = Array.from({ length: 6 }, () =>
    run("def f: f; f", undefined, { owner: "hostile", limits, signal: controller.signal }).catch((error) => {
      ended += 1;
      return error.code;
    }),
  );
  const good = await Promise.all(
    Array.from({ length: 40 }, (_, i) => run(`${i}+1`, undefined, { owner: `u${i % 4}` })),
  );
  expect(good).toEqual(Array.from({ length: 40 }, (_, i) => `${i + 1}\n`));
  // Everybody else is done while all of the hostile runs still run or wait.
  expect(ended).toBe(0);
  controller.abort();
  expect(new Set(await Promise.all(hostile))).toEqual(new Set(["CANCELLED"]));
}, 30_000);

test("twelve people's endless programs do not take every thread", async () => {
  const controller = new AbortController();
  const people = Array.from({ length: 24 }, (_, i) =>
    run("def f: f; f", undefined, { owner: `h${i % 12}`, signal: controller.signal }).catch(
      (error) => error.code,
    ),
  );
  for (let i = 0; i < 10; i += 1) expect(await run(`${i}`, undefined, { owner: "honest" })).toBe(`${i}\n`);
  expect(engine.stats().busy).toBeGreaterThan(2);
  controller.abort();
  expect(new Set(await Promise.all(people))).toEqual(new Set(["CANCELLED"]));
}, 60_000);

/** How the endless program of somebody who had one killed before ends. */
function endless(on: Engine, timeoutMs: number): Promise<unknown> {
  const limits = { ...defaultLimits, timeoutMs };
  return on
    .run({ program: "def f: f; f", input: { kind: "none" }, limits, owner: "struck" })
    .catch(({ code }) => code);
}

test("who had a run killed takes no worker the others would have to wait for", async () => {
  const small = await openWasmPool({ size: 1, memoryBytes: defaultLimits.memoryBytes });
  expect(await endless(small, 100)).toBe("QUERY_TIMEOUT");
  for (let i = 0; i < 3; i += 1) {
    const again = endless(small, 1_000);
    await expect.poll(() => small.stats().busy, { interval: 1 }).toBe(1);
    // Another one is there by then: nobody waits for its start.
    expect(small.stats().workers).toBe(2);
    const order: string[] = [];
    const other = small
      .run({ program: "1", input: { kind: "none" }, limits: defaultLimits, owner: "other" })
      .then(() => order.push("other"));
    await Promise.all([other, again.then(() => order.push("struck"))]);
    expect(order).toEqual(["other", "struck"]);
  }
  await small.close();
}, 60_000);

test("where there is one worker only, who had a run killed still gets it", async () => {
  const single = await openWasmPool({ size: 1, maxSize: 1, memoryBytes: defaultLimits.memoryBytes });
  expect([await endless(single, 50), await endless(single, 50)]).toEqual(["QUERY_TIMEOUT", "QUERY_TIMEOUT"]);
  await single.close();
});

test("runs that leave input unread, more than there are descriptors, all succeed", async () => {
  for (let i = 0; i < 45; i += 1) {
    const all = await Promise.all(
      Array.from({ length: 100 }, () => run("first(inputs)", text("1 2 3"), { nullInput: true })),
    );
    expect(new Set(all)).toEqual(new Set(["1\n"]));
  }
}, 90_000);

test("another build of the engine runs without hooks: small inputs, the same answers, the same refusals", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pool-test-"));
  const wasmPath = join(folder, "jq.wasm");
  const known = readFileSync(createRequire(import.meta.url).resolve("jq-wasm/jq.wasm"));
  // An empty section of its own changes nothing but the hash.
  writeFileSync(wasmPath, Buffer.concat([known, Buffer.from([0, 2, 1, 0x78])]));
  const plain = await openWasmPool({ size: 1, memoryBytes: 64 * 1024 * 1024, wasmPath });
  const ask = async (program: string, input: EngineInput, limits = defaultLimits) => {
    const { output } = await plain.run({ program, input, limits, owner: "u" });
    return Buffer.from(output ?? []).toString();
  };
  try {
    expect(plain.version.jq).toBe("1.8.2");
    expect(await ask(". + 1", text("[1,2]", true))).toBe("2\n3\n");
    for (const [program, input, expected] of [
      [".", text("[1 2]", true), { details: { reason: "input_malformed" } }],
      [".", text(`${"[".repeat(2_000)}`), { details: { reason: "input_nested" } }],
      ["length", text(`[${"1,".repeat(9e6)}1]`), { code: "COST_LIMIT_EXCEEDED" }],
      ["[range(1e9)]", text("1"), { code: "COST_LIMIT_EXCEEDED" }],
      ["def f: 1+f; f", text("1"), { code: expect.stringMatching(/QUERY_ERROR|COST_LIMIT/) }],
      ["range(1e5)", text("1"), { code: "RESULT_TOO_LARGE" }],
      ["error", text('"no"'), { details: { reason: "runtime" } }],
    ] as const) {
      await expect(
        ask(program, input, { ...defaultLimits, outputBytes: 100_000 }),
        program,
      ).rejects.toMatchObject(expected);
      expect(await ask(".", text("7"))).toBe("7\n");
    }
    expect(plain.stats().killed).toBe(0);
  } finally {
    await plain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test("what is no engine is told at the start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pool-test-"));
  const wasmPath = join(folder, "jq.wasm");
  // The smallest module there is.
  writeFileSync(wasmPath, Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  await expect(openWasmPool({ size: 1, memoryBytes: 64 * 1024 * 1024, wasmPath })).rejects.toMatchObject({
    code: "UNAVAILABLE",
  });
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
