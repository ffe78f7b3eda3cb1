import { expect, test, vi } from "vitest";
import { openTools, type ToolBench } from "../helpers/tool-bench.ts";
import { arranged, struck } from "./arrange.ts";
import { drive } from "./drive.ts";
import { expectOutcome } from "./outcome.ts";
import { credentials } from "./server-process.ts";
import { type Workflow, workflows } from "./workflows.ts";
import { worldState } from "./world-state.ts";

const kinds = ["silence", "silence_after"] as const;

// The old process hangs in its write for good, as a killed one: killed.soak.test.ts kills real ones.
test.each(workflows.map((one) => [one.name, one] as const))(
  "%s: stopped before or after any of its writes, the same call in a new process ends as if nothing had happened",
  async (_name, given) => {
    for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
    const undisturbed = await opened(given);
    const { answer } = await drive(undisturbed.bench, undisturbed.workflow);
    expect(answer).toMatchObject({ success: true, data: { status: expect.stringMatching(/done|running/) } });
    const expected = worldState(undisturbed.bench.emulator.world);
    let writes = 0;
    for (; ; writes += 1) {
      const stopped = await Promise.all(kinds.map((kind) => stops(given, writes, kind, expected)));
      if (!stopped[0]) break;
    }
    expect(writes).toBeGreaterThan(0);
  },
);

/** False when the workflow has no such write. */
async function stops(given: Workflow, skip: number, kind: (typeof kinds)[number], expected: unknown) {
  const { bench, workflow } = await opened(given);
  const { emulator } = bench;
  emulator.faults.set({ next: [{ operation: "write", kind, skip }] });
  const old = drive(bench, workflow).then(
    () => "ended",
    () => "ended",
  );
  if ((await Promise.race([old, struck(emulator, kind)])) === "ended") return false;
  const ending = await drive(bench.restart(), workflow);
  expectOutcome(`write ${skip}, ${kind}`, given, ending, emulator, expected);
  await emulator.close();
  await old;
  return true;
}

async function opened(given: Workflow): Promise<{ bench: ToolBench; workflow: Workflow }> {
  const bench = await openTools({
    config: { allow_credential_writes: true },
    transport: { timeoutMs: 60_000 },
  });
  return { bench, workflow: await arranged(given, bench.emulator, bench) };
}
