import { mkdtempSync, openSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { EngineInput, Job } from "../engine.ts";
import { conformanceCases } from "../fixtures/conformance-cases.ts";
import { hostilePrograms } from "../fixtures/hostile-programs.ts";
import { defaultLimits } from "../limits.ts";
import { openWasmPool } from "./pool.ts";

const options = { size: 2, memoryBytes: defaultLimits.memoryBytes };
const together = await openWasmPool({ ...options, restMs: 0 });
/** Never keeps anything compiled. */
const alone = await openWasmPool({ ...options, restMs: Number.POSITIVE_INFINITY });
afterAll(() => Promise.all([together.close(), alone.close()]));

const text = (value: string): EngineInput => ({ kind: "bytes", bytes: Buffer.from(value), split: false });

async function run(engine: typeof alone, program: string, input = text("null"), more: Partial<Job> = {}) {
  try {
    const done = await engine.run({ program, input, limits: defaultLimits, owner: "u", ...more });
    return Buffer.from(done.output ?? []).toString();
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: object };
    return { code, message, details };
  }
}

/** Often enough to be kept compiled; whatever it is, its runs so far went well. */
async function makeHot(program: string, input: EngineInput = text("null"), more: Partial<Job> = {}) {
  for (let n = 0; n < 4; n += 1) await run(together, program, input, more);
}

const compiledSince = async (work: () => Promise<unknown>) => {
  const before = together.stats().compiled;
  await work();
  return together.stats().compiled - before;
};

test("a program asked for again is not compiled again, with other data and other arguments neither", async () => {
  await makeHot(".a + $x", text('{"a":1}'), { args: { x: 1 } });
  const compiled = await compiledSince(async () => {
    for (let n = 0; n < 50; n += 1)
      expect(await run(together, ".a + $x", text(`{"a":${n}}`), { args: { x: n } })).toBe(`${2 * n}\n`);
  });
  expect(compiled).toBeLessThanOrEqual(2);
});

test("what jq answers is the same kept compiled, case by case", async () => {
  const cases = Object.values(conformanceCases).flat();
  let served = 0;
  for (let at = 0; at < cases.length; at += 24) {
    const some = cases.slice(at, at + 24);
    for (const [program, input] of some) await makeHot(program, text(input));
    for (const [program, input, expected] of some) {
      const compiled = await compiledSince(async () => {
        const answer = await run(together, program, text(input));
        if (typeof expected === "string")
          expect([program, answer]).toEqual([program, `${expected}\n`.replace(/^\n$/, "")]);
        else expect(answer).toMatchObject({ details: { reason: expected.fails } });
      });
      if (compiled === 0) served += 1;
    }
  }
  expect(served).toBeGreaterThan(cases.length / 2);
});

test.each([
  ["a failure", "if . == 1 then error({a: 1}) else . end", "1"],
  ["a failure after output", "1, 2, error", "1"],
  ["data that is no JSON", ".", '{"a":'],
  ["data that is half a word", ".", "tru"],
  ["several texts", ".", "1 2 [3"],
  ["text that closes and opens", ".", "1],[2"],
  ["no data", ".", ""],
  ["data jq alone accepts", ".", "nan"],
  ["an overflow of the stack", "def f: if . == 1 then 1 + f else . end; f", "1"],
  ["deep data", ".", "[".repeat(2_000) + "]".repeat(2_000)],
])("%s ends as it would by itself, and what follows is right", async (_what, program, hostile) => {
  await makeHot(program, text("2"));
  const expected = await run(alone, program, text(hostile));
  expect(await run(together, program, text(hostile))).toEqual(expected);
  expect(await run(together, program, text("3"))).toEqual(await run(alone, program, text("3")));
});

test("an endless run of a kept program ends at its limit, and the others go on", async () => {
  const program = "if . == 1 then def f: f; f else . end";
  await makeHot(program, text("2"));
  const limits = { ...defaultLimits, timeoutMs: 200 };
  expect(await run(together, program, text("1"), { limits })).toMatchObject({ code: "QUERY_TIMEOUT" });
  expect(await run(together, program, text("2"))).toBe("2\n");
});

test("floods and memory bombs of a kept program end at their limits", async () => {
  const program = 'if . == 1 then repeat("xxxxxxxx") elif . == 3 then [range(1e9)] else . end';
  await makeHot(program, text("2"));
  const limits = { ...defaultLimits, outputBytes: 100_000 };
  expect(await run(together, program, text("1"), { limits })).toMatchObject({ code: "RESULT_TOO_LARGE" });
  expect(await run(together, program, text("3"))).toMatchObject({ code: "COST_LIMIT_EXCEEDED" });
  expect(await run(together, program, text("2"))).toBe("2\n");
});

test("files, no data and large data give what they give alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "jq-session-"));
  const files = { small: "[1,2]", large: JSON.stringify(Array.from({ length: 30_000 }, (_, n) => n)) };
  await makeHot("length");
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    for (let n = 0; n < 3; n += 1) {
      const fd = openSync(join(folder, name), "r");
      const input = { kind: "file", fd, size: content.length, split: false } as const;
      expect(await run(together, "length", input)).toBe(`${JSON.parse(content).length}\n`);
    }
  }
  expect(await run(together, "length", { kind: "none" }, { nullInput: true })).toBe("0\n");
});

test("a program cannot reach out of its place into another's", async () => {
  const attempts = [
    '.) elif true then ("stolen") else (.',
    '.)) elif true then (("stolen")) else ((.',
    "1 # \\",
    '"\\(1) # " + "',
    "$__k",
    ".[2]?, .[1]?",
  ];
  for (const attempt of attempts) await makeHot(attempt, text('{"own":1}'));
  await makeHot(".secret", text('{"secret":1}'));
  expect(await run(together, ".secret", text('{"secret":"mine"}'))).toBe('"mine"\n');
  for (const attempt of attempts)
    expect([attempt, await run(together, attempt, text('{"own":1}'))]).toEqual([
      attempt,
      await run(alone, attempt, text('{"own":1}')),
    ]);
});

test("what does not compile beside others is found out, and answers all the same", async () => {
  // As deep as the parser goes.
  const program = `${"-".repeat(9_994)}1`;
  await makeHot(program);
  for (let n = 0; n < 5; n += 1) expect(await run(together, program)).toBe("1\n");
  await makeHot(". * 2", text("7"));
  expect(await compiledSince(() => run(together, ". * 2", text("7")))).toBe(0);
});

test("hostile programs said again and again spoil nothing for the kept ones", async () => {
  await makeHot(".a", text('{"a":1}'));
  const limits = { ...defaultLimits, timeoutMs: 60, outputBytes: 100_000 };
  for (const [program, input = "null", args] of hostilePrograms.filter((_, n) => n % 4 === 0)) {
    const more = { limits, owner: "hostile", ...(args === undefined ? {} : { args }) };
    await Promise.all([0, 1, 2, 3].map(() => run(together, program, text(input), more)));
    expect(await run(together, ".a", text('{"a":2}'))).toBe("2\n");
  }
});

test("any value passes through unchanged, beside any argument", async () => {
  const program = "[., $x, (.. | numbers)]";
  await makeHot(program, text("1"), { args: { x: 1 } });
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.jsonValue(), async (json, x) => {
      const more = { args: { x } };
      expect(await run(together, program, text(json), more)).toEqual(
        await run(alone, program, text(json), more),
      );
    }),
    { numRuns: 60 },
  );
});
