import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** The built command line, as users run it. */
export function cliPath(): string {
  if (!existsSync(entry))
    throw new Error("dist/cli.js is missing; run: pnpm --filter sql-explorer-mcp build");
  return entry;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end. */
export function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = start(args, env);
  return ended(child);
}

export interface ServedCli extends AsyncDisposable {
  /** Of the MCP endpoint. */
  readonly url: string;
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly end: Promise<Ended>;
}

/** Starts it over HTTP and waits until it says where it listens. */
export async function serveCli(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ServedCli> {
  const child = start(args, env);
  const end = ended(child);
  let stderr = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
      const match = /listening on (http:\S+)/.exec(stderr);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    end.then(({ code }) => reject(new Error(`ended with ${code} before listening: ${stderr}`)));
  });
  return {
    url,
    child,
    stderr: () => stderr,
    end,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await end;
    },
  };
}

function start(args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [cliPath(), ...args], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}
