import { afterAll, describe, expect, test } from "vitest";
import { conformanceCases } from "./fixtures/conformance-cases.ts";
import { defaultLimits } from "./limits.ts";
import { openWasmPool } from "./wasm/pool.ts";

const engine = await openWasmPool({ size: 2, memoryBytes: defaultLimits.memoryBytes });
afterAll(() => engine.close());

async function answer(program: string, input: string) {
  try {
    const bytes = Buffer.from(input);
    const { output } = await engine.run({
      program,
      input: { kind: "bytes", bytes, split: false },
      limits: defaultLimits,
      owner: "u",
    });
    return Buffer.from(output ?? [])
      .toString()
      .trimEnd();
  } catch (error) {
    return { fails: (error as { details?: { reason?: string } }).details?.reason };
  }
}

for (const [subject, cases] of Object.entries(conformanceCases)) {
  describe(subject, () => {
    test.each(cases)("%s on %s", async (program, input, expected) => {
      expect(await answer(program, input)).toEqual(expected);
    });
  });
}

test("there are cases for all that matters", () => {
  expect(Object.values(conformanceCases).flat().length).toBeGreaterThan(250);
});
