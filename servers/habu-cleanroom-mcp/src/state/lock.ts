import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ToolError } from "@mcp-data/core";
import { isAlive } from "./holder.ts";

export interface LockOptions {
  /** Milliseconds to wait for the holder. */
  readonly waitMs?: number;
  /** Milliseconds after which a holder that lives is taken for hung. */
  readonly staleMs?: number;
}

const pauseMs = 20;

/** Runs `work` while no other process that locks the same file does. */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { waitMs = 45_000, staleMs = 120_000 } = options;
  const mine = `${process.pid} ${randomBytes(6).toString("hex")}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const until = Date.now() + waitMs;
  while (!take(file, mine)) {
    if (isAbandoned(file, staleMs) && breakLock(file, staleMs)) continue;
    if (Date.now() > until) {
      throw new ToolError("UNAVAILABLE", "Another process holds the server's state.", {
        hint: "Wait for its call to end, or stop it.",
        retryAfterMs: 5_000,
        details: { reason: "STATE_LOCKED" },
      });
    }
    await delay(pauseMs);
  }
  try {
    return await work();
  } finally {
    if (textOf(file) === mine) rmSync(file, { force: true });
  }
}

function take(file: string, mine: string): boolean {
  try {
    writeFileSync(file, mine, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The holder died, or has held it for longer than any work takes. */
function isAbandoned(file: string, staleMs: number): boolean {
  const age = ageOf(file);
  const pid = Number(textOf(file).split(" ")[0]);
  // The text is missing for a moment between creation and write; without a file the age is none.
  if (!Number.isInteger(pid) || pid <= 0) return age > 2_000;
  return age > staleMs || !isAlive(pid);
}

/** One breaker at a time, and only while the lock is still the abandoned one; false while another is at it. */
function breakLock(file: string, staleMs: number): boolean {
  const guard = `${file}.break`;
  if (ageOf(guard) > 10_000) rmSync(guard, { force: true });
  if (!take(guard, String(process.pid))) return false;
  try {
    if (isAbandoned(file, staleMs)) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function ageOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
