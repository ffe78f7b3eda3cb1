import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { type HostileProgram, hostilePrograms } from "./fixtures/hostile-programs.ts";
import { defaultLimits } from "./limits.ts";
import { openWasmPool } from "./wasm/pool.ts";

const MiB = 1024 * 1024;
const engine = await openWasmPool({ size: 2, memoryBytes: 128 * MiB });
afterAll(() => engine.close());

const limits = { ...defaultLimits, timeoutMs: 800, outputBytes: 4 * MiB };
const contained = /^(QUERY_TIMEOUT|COST_LIMIT_EXCEEDED|QUERY_ERROR|RESULT_TOO_LARGE|VALIDATION_ERROR)$/;
const descriptors = () => readdirSync("/proc/self/fd").length;

async function runHostile([program, input, args]: HostileProgram) {
  const bytes = Buffer.from(input ?? "null");
  try {
    const result = await engine.run({
      program,
      input: { kind: "bytes", bytes, split: false },
      ...(args === undefined ? {} : { args }),
      limits,
      owner: `hostile ${program.length % 3}`,
    });
    return { code: "harmless", output: Buffer.from(result.output ?? []).toString() };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? String(error), output: "" };
  }
}

test("there are at least sixty of them", () => {
  expect(new Set(hostilePrograms.map(([program]) => program)).size).toBeGreaterThanOrEqual(60);
});

test("each is contained while other people's answers stay right and keep coming", async () => {
  const before = descriptors();
  let done = false;
  let answers = 0;
  let hostileEnds = 0;
  let longestSpell = 0;
  const honest = (async () => {
    for (let i = 0; !done; i += 1) {
      const endsBefore = hostileEnds;
      const result = await engine.run({
        program: ".a[$i % 3] * 2",
        args: { i },
        input: { kind: "bytes", bytes: Buffer.from('{"a":[1,2,3]}'), split: false },
        limits: defaultLimits,
        owner: "honest",
      });
      answers += 1;
      longestSpell = Math.max(longestSpell, hostileEnds - endsBefore);
      expect(Buffer.from(result.output ?? []).toString()).toBe(`${((i % 3) + 1) * 2}\n`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const ends: Awaited<ReturnType<typeof runHostile>>[] = [];
  const left = [...hostilePrograms.entries()];
  // Three people at it all the time, so that every program really runs.
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        ends[next[0]] = await runHostile(next[1]);
        hostileEnds += 1;
      }
    }),
  );
  done = true;
  await honest;
  for (const [at, { code, output }] of ends.entries()) {
    const [program] = hostilePrograms[at] as HostileProgram;
    if (code === "harmless") expect(output, program).not.toMatch(/root:|HOSTILE_SECRET|\/bin\//);
    else expect(code, program).toMatch(contained);
  }
  expect(answers).toBeGreaterThan(20);
  // No answer was held up while many of the others came to their end one after another.
  expect(longestSpell).toBeLessThan(hostilePrograms.length / 3);
  expect(engine.stats()).toMatchObject({ busy: 0, waiting: 0 });
  expect(descriptors()).toBeLessThanOrEqual(before + 24);
}, 120_000);
