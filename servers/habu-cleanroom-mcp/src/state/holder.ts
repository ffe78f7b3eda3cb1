import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";

/** Who makes a write right now. */
export const holder = z.object({ pid: z.int(), host: z.string(), boot: z.string(), since: z.number() });
export type Holder = z.output<typeof holder>;

/** Longer than any call may take. */
const longestCallMs = 15 * 60_000;

export interface Presence {
  /** To be written beside the write. */
  hold(what: string): Holder;
  letGo(what: string): void;
  /** It may still be making its write. */
  isAtWork(what: string, one: Holder): boolean;
}

/** Tells a write that is under way from one whose process was killed. */
export function createPresence(now: () => number = Date.now): Presence {
  const boot = randomBytes(6).toString("hex");
  const host = hostname();
  const underWay = new Set<string>();
  return {
    hold(what) {
      underWay.add(what);
      return { pid: process.pid, host, boot, since: now() };
    },
    letGo: (what) => void underWay.delete(what),
    isAtWork(what, one) {
      if (one.boot === boot) return underWay.has(what);
      if (now() - one.since > longestCallMs) return false;
      // A process of another machine cannot be asked. One with our number is gone: we have it now.
      return one.host !== host || (one.pid !== process.pid && isAlive(one.pid));
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
