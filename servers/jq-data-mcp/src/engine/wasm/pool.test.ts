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

test("an endless loop ends at the time limit, at once", async () => {
  const started = performance.now();
  const error = await run("def f: f; f", undefined, { limits: { ...defaultLimits, timeoutMs: 300 } }).catch(
    (e) => e,
  );
  expect(error).toMatchObject({ code: "QUERY_TIMEOUT" });
  expect(performance.now() - started).toBeLessThan(350 + 150);
  expect(await run("1")).toBe("1\n");
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
  const limits = { ...defaultLimits, timeoutMs: 6_000 };
  const hostile = Array.from({ length: 6 }, () =>
    run("def f: f; f", undefined, { owner: "hostile", limits }).catch((error) => error.code),
  );
  const started = performance.now();
  const good = await Promise.all(
    Array.from({ length: 40 }, (_, i) => run(`${i}+1`, undefined, { owner: `u${i % 4}` })),
  );
  expect(good).toEqual(Array.from({ length: 40 }, (_, i) => `${i + 1}\n`));
  expect(performance.now() - started).toBeLessThan(5_500);
  for (const code of await Promise.all(hostile)) expect(["QUERY_TIMEOUT", "UNAVAILABLE"]).toContain(code);
}, 30_000);

test("runs that leave input unread, more than there are descriptors, all succeed", async () => {
  for (let i = 0; i < 45; i += 1) {
    const all = await Promise.all(
      Array.from({ length: 100 }, () => run("first(inputs)", text("1 2 3"), { nullInput: true })),
    );
    expect(new Set(all)).toEqual(new Set(["1\n"]));
  }
}, 90_000);
