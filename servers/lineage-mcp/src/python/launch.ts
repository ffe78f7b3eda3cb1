import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Logger } from "@mcp-data/core";
import { bootstrapFolder } from "./environment.ts";

export interface Launched {
  readonly pid: number | undefined;
  readonly ended: Promise<number>;
  /** Asks it to end, then ends it with all that it started. */
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
  const { mode, notebook, python } = options;
  const args =
    mode === "script"
      ? [notebook]
      : ["-m", "marimo", mode, notebook, ...(process.stdin.isTTY ? [] : ["--headless"])];
  return launchCommand({ ...options, command: [python, ...args] });
}

/** A command that does not outlive this process, however this process ends, and nothing of what it started does. */
export function launchCommand({
  mode,
  python,
  command,
  env,
  logger,
}: Omit<LaunchOptions, "notebook"> & { readonly command: readonly string[] }): Launched {
  const [program = python, ...args] = windows ? command : leashed(python, command);
  const child: ChildProcess = spawn(program, args, {
    env: { ...process.env, ...env },
    // The leash is held by stdin: it ends with us, kill -9 included.
    stdio: [windows ? "ignore" : "pipe", "pipe", "pipe"],
    detached: !windows,
  });
  child.stdin?.on("error", () => undefined);
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
      if (windows) spawn("taskkill", ["/T", "/F", "/PID", String(child.pid)], { stdio: "ignore" }).unref();
      else child.stdin?.end();
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
    },
  };
}

const windows = process.platform === "win32";
/** The leash insists after less, and ends with us anyway. */
const patienceMs = 3_000;

function leashed(python: string, command: readonly string[]): string[] {
  return [python, "-I", "-S", join(bootstrapFolder(), "leash.py"), ...command];
}
