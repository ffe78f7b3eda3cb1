import { expect, test } from "vitest";
import { openTools, type ToolBench } from "../helpers/tool-bench.ts";
import { drive } from "./drive.ts";
import { type Workflow, workflows } from "./workflows.ts";
import { worldState } from "./world-state.ts";

for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_USER_ARN", "AWS_REGION"])
  process.env[`HABU_CREDENTIAL_${name}`] = `rotated-${name}`;

const kinds = ["silence", "silence_after"] as const;

test.each(workflows.map((one) => [one.name, one] as const))(
  "%s: killed before or after any of its writes, the same call in a new process ends as if nothing had happened",
  async (_name, given) => {
    const undisturbed = await opened(given);
    const { answer: whole } = await drive(undisturbed.bench, undisturbed.workflow);
    expect(whole).toMatchObject({ success: true, data: { status: expect.stringMatching(/done|running/) } });
    const expected = worldState(undisturbed.bench.emulator.world);
    let deaths = 0;
    for (let skip = 0; ; skip += 1) {
      const died = await Promise.all(kinds.map((kind) => dies(given, skip, kind, expected)));
      if (!died[0]) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(0);
  },
);

/** False when the workflow has no such write. */
async function dies(given: Workflow, skip: number, kind: (typeof kinds)[number], expected: unknown) {
  const { bench, workflow } = await opened(given);
  const { emulator } = bench;
  emulator.faults.set({ next: [{ operation: "write", kind, skip }] });
  // The old process hangs in its write for good: its caller hears nothing, and it does nothing more.
  const old = drive(bench, workflow).catch(() => undefined);
  const dead = () => emulator.journal.entries.some(({ fault }) => fault === kind);
  const ended = await Promise.race([old.then(() => true), until(dead)]);
  if (ended === true) return false;
  const { answer, warnings } = await drive(bench.restart(), workflow);
  const at = `${skip} ${kind}`;
  if (given.untold !== undefined && !answer.success) {
    expect([at, answer.error]).toMatchObject([at, { details: { reason: given.untold } }]);
  } else {
    expect([at, answer.success, warnings]).toEqual([
      at,
      true,
      expect.arrayContaining([expect.stringContaining("never got its answer")]),
    ]);
    expect([at, worldState(emulator.world)]).toEqual([at, expected]);
  }
  expect([at, emulator.journal.violations()]).toEqual([at, []]);
  await emulator.close();
  await old;
  return true;
}

async function opened(given: Workflow): Promise<{ bench: ToolBench; workflow: Workflow }> {
  const bench = await openTools({
    config: { allow_credential_writes: true },
    transport: { timeoutMs: 60_000 },
  });
  given.arrange?.(bench.emulator);
  for (const call of given.before ?? []) {
    const { answer } = await drive(bench, call);
    if (!answer.success) throw new Error(`${given.name}: ${JSON.stringify(answer.error)}`);
  }
  if (given.later !== undefined) bench.emulator.clock.advance(given.later);
  const flowRun = bench.emulator.world.rooms[0]?.flows[0]?.runs.at(-1)?.id;
  const args = given.args.run === "$flow" ? { ...given.args, run: flowRun } : given.args;
  return { bench, workflow: { ...given, args } };
}

async function until(happened: () => boolean): Promise<false> {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve, 2));
  return false;
}
