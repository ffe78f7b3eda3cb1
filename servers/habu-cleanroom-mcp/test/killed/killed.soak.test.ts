import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { createRandom } from "../../emulator/random.ts";
import { createVirtualClock } from "../../src/clock/clock.ts";
import { arranged, struck } from "./arrange.ts";
import { drive } from "./drive.ts";
import { expectOutcome } from "./outcome.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { type Workflow, workflows } from "./workflows.ts";
import { worldState } from "./world-state.ts";

const seconds = Number(process.env.SOAK_SECONDS ?? 0);
const random = createRandom(Number(process.env.SOAK_SEED ?? 1));
const kinds = ["silence", "silence_after"] as const;

test("servers killed with SIGKILL in the middle of a write: the next one ends the work, once", {
  timeout: (seconds + 300) * 1_000,
}, async () => {
  const until = Date.now() + seconds * 1_000;
  const order = seconds === 0 ? workflows.slice(0, 1) : shuffled(workflows);
  let kills = 0;
  do {
    for (const given of order) {
      const expected = await undisturbed(timeless(given));
      // Each write once, with or without effect at random; one only when time is short.
      for (let skip = 0; ; skip += 1) {
        const kind = kinds[seconds === 0 ? 1 : Math.floor(random() * 2)] ?? "silence";
        if (!(await killed(timeless(given), skip, kind, expected))) break;
        kills += 1;
        if (seconds === 0) break;
      }
      if (Date.now() > until) break;
    }
  } while (Date.now() < until);
  expect(kills).toBeGreaterThanOrEqual(seconds === 0 ? 1 : seconds / 60);
});

/** Waiting would be in real time here: a person asks again later instead. */
function timeless(given: Workflow): Workflow {
  const without = ({ wait_seconds: _, ...args }: Workflow["args"]) => args;
  return {
    ...given,
    args: without(given.args),
    comesBack: given.args.wait_seconds !== undefined,
    ...(given.before === undefined
      ? {}
      : {
          before: given.before.map((call) => ({
            ...call,
            args: without(call.args),
            comesBack: call.args.wait_seconds !== undefined,
          })),
        }),
  };
}

async function undisturbed(given: Workflow): Promise<unknown> {
  return inEmulator(async (emulator, start) => {
    const server = await start();
    const workflow = await arranged(given, emulator, server);
    expect((await drive(server, workflow)).answer).toMatchObject({ success: true });
    await server.kill();
    return worldState(emulator.world);
  });
}

async function killed(given: Workflow, skip: number, kind: string, expected: unknown): Promise<boolean> {
  return inEmulator(async (emulator, start) => {
    const first = await start();
    const workflow = await arranged(given, emulator, first);
    emulator.faults.set({ next: [{ operation: "write", kind: kind as "silence", skip }] });
    const old = drive(first, workflow).then(
      () => "ended",
      () => "ended",
    );
    const met = await Promise.race([old, struck(emulator, kind)]);
    await first.kill();
    if (met === "ended") return false;
    const second = await start();
    expectOutcome(
      `${given.name}, write ${skip}, ${kind}`,
      given,
      await drive(second, workflow),
      emulator,
      expected,
    );
    await second.kill();
    return true;
  });
}

async function inEmulator<T>(
  work: (emulator: Emulator, start: () => Promise<ServerProcess>) => Promise<T>,
): Promise<T> {
  const emulator = await startEmulator({ clock: createVirtualClock(Date.now()) });
  const dir = mkdtempSync(join(tmpdir(), "habu-killed-"));
  try {
    return await work(emulator, () => startServer(emulator, dir));
  } finally {
    await emulator.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
