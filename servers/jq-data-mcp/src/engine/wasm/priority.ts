import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** The calling thread as the operating system numbers it; 0 where it has no priority of its own. */
export function ownThread(): number {
  if (process.platform !== "linux") return 0;
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    return thread === process.pid || !Number.isInteger(thread) ? 0 : thread;
  } catch {
    return 0;
  }
}

/** Whether it was done; without it answers are only slower under load. */
export function setNice(thread: number, nice: number): boolean {
  if (thread === 0) return false;
  try {
    setPriority(thread, nice);
    return true;
  } catch {
    return false;
  }
}
