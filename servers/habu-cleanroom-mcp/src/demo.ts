import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { createVirtualClock } from "./clock/clock.ts";

/** Emulated minutes pass in a second each, so that a run of 20 minutes takes 20 seconds to wait for. */
const speed = 60;

export interface Demo {
  readonly emulator: Emulator;
  readonly stateDir: string;
  close(): Promise<void>;
}

/** The emulator in this process, with a state folder of its own that goes away. */
export async function startDemo(): Promise<Demo> {
  const emulator = await startEmulator({ clock: createVirtualClock(Date.now(), speed) });
  const stateDir = mkdtempSync(join(tmpdir(), "habu-demo-"));
  return {
    emulator,
    stateDir,
    async close() {
      await emulator.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
