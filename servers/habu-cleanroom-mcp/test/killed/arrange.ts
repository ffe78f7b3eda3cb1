import type { Emulator } from "../../emulator/emulator.ts";
import { type Calls, drive } from "./drive.ts";
import type { Workflow } from "./workflows.ts";

/** Brings an emulator to where the workflow begins; gives the workflow with what is known only now. */
export async function arranged(given: Workflow, emulator: Emulator, calls: Calls): Promise<Workflow> {
  given.arrange?.(emulator);
  for (const call of given.before ?? []) {
    const { answer } = await drive(calls, call);
    if (!answer.success) throw new Error(`${given.name}: ${JSON.stringify(answer.error)}`);
  }
  if (given.later !== undefined) emulator.clock.advance(given.later);
  const run = emulator.world.rooms[0]?.flows[0]?.runs.at(-1)?.id;
  return given.args.run === "$flow" ? { ...given, args: { ...given.args, run } } : given;
}

/** A request was met by this fault. */
export async function struck(emulator: Emulator, kind: string): Promise<void> {
  while (!emulator.journal.entries.some(({ fault }) => fault === kind))
    await new Promise((resolve) => setTimeout(resolve, 2));
}
