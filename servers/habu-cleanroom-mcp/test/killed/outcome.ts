import { expect } from "vitest";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Ending } from "./drive.ts";
import type { Workflow } from "./workflows.ts";
import { worldState } from "./world-state.ts";

/** The second call ends as if the first had never been killed, or says what cannot be told; nothing exists twice. */
export function expectOutcome(
  at: string,
  { untold }: Workflow,
  { answer, warnings }: Ending,
  emulator: Emulator,
  expected: unknown,
): void {
  expect([at, emulator.journal.violations()]).toEqual([at, []]);
  if (untold !== undefined && !answer.success) {
    expect([at, answer.error]).toMatchObject([at, { details: { reason: untold } }]);
    const titles = emulator.world.questions.map(({ title }) => title);
    expect([at, new Set(titles).size]).toEqual([at, titles.length]);
    return;
  }
  expect([at, answer.success ? warnings : answer.error]).toEqual([
    at,
    expect.arrayContaining([expect.stringContaining("came to no known end")]),
  ]);
  expect([at, worldState(emulator.world)]).toEqual([at, expected]);
}
