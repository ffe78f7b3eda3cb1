import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonOf, runPython } from "./support/python.ts";
import { tempFolder } from "./support/recorded.ts";

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

test("an app that is run again and again leaves no session behind, and each is told to have ended", async () => {
  const runs = 12;
  const script = join(import.meta.dirname, "python/again.py");
  const home = tempFolder();
  const { stdout, stderr } = await runPython(await pythonOf("newest"), [script, String(runs)], home);
  expect(stderr).toBe("");
  expect((JSON.parse(stdout) as { sessions: number }).sessions).toBeLessThan(3);
  const events = readdirSync(join(home, "events"))
    .flatMap((name) => readFileSync(join(home, "events", name), "utf8").split("\n"))
    .filter((line) => /"event_type":"session_(start|end)"/.test(line));
  const of = (kind: string) => events.filter((line) => line.includes(`"session_${kind}"`)).length;
  expect([of("start"), of("end")]).toEqual([runs, runs]);
});
