import { type ChildProcess, spawn } from "node:child_process";
import type { Logger } from "@mcp-data/core";

export interface Launched {
  readonly pid: number | undefined;
  readonly ended: Promise<number>;
  /** Asks it to end, then ends it with what it started. */
  stop(): Promise<void>;
}

export interface LaunchOptions {
  readonly mode: "edit" | "run" | "script";
  readonly python: string;
  readonly notebook: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/** Starts marimo on the notebook. Its output goes to stderr: stdout belongs to the protocol. */
export function launchNotebook(options: LaunchOptions): Launched {
  const { mode, notebook, logger } = options;
  const args =
    mode === "script"
      ? [notebook]
      : ["-m", "marimo", mode, notebook, ...(process.stdin.isTTY ? [] : ["--headless"])];
  const child: ChildProcess = spawn(options.python, args, {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  child.stdout?.on("data", (bytes: Buffer) => process.stderr.write(bytes));
  child.stderr?.on("data", (bytes: Buffer) => process.stderr.write(bytes));
  const ended = new Promise<number>((resolve) => {
    child.once("error", (err) => {
      logger.error("the notebook could not be started", { err });
      resolve(127);
    });
    child.once("exit", (code, signal) => {
      logger.info("the notebook's process ended", { mode, code, signal });
      resolve(code ?? 1);
    });
  });
  return {
    pid: child.pid,
    ended,
    async stop() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      // The kernel is a child of marimo's: the group is ended.
      const group = process.platform === "win32" ? child.pid : -child.pid;
      signal(group, "SIGTERM");
      const patience = new Promise((resolve) => setTimeout(resolve, graceMs));
      await Promise.race([ended, patience]);
      signal(group, "SIGKILL");
    },
  };
}

const graceMs = 1_500;

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // It ended just now.
  }
}
