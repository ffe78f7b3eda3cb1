import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonOf, runPython } from "./support/python.ts";

const rounds = process.env.SOAK_SECONDS === undefined ? 2_400 : 60_000;

test.runIf(process.platform === "linux")(
  "a long loop leaves nothing behind in the notebook's process",
  { timeout: 1_800_000 },
  async () => {
    const script = join(import.meta.dirname, "python/growth.py");
    const { stdout, stderr } = await runPython(await pythonOf("newest"), [script, String(rounds)]);
    expect(stderr).toBe("");
    const [first, last] = JSON.parse(stdout) as { nodes: number; private_mb: number; objects: number }[];
    expect(last?.nodes).toBeLessThan(20);
    // What is remembered of shapes and labels is bounded; each round would be ten kilobytes otherwise.
    expect((last?.private_mb ?? 0) - (first?.private_mb ?? 0)).toBeLessThan(15);
    expect((last?.objects ?? 0) - (first?.objects ?? 0)).toBeLessThan(100_000);
  },
);
