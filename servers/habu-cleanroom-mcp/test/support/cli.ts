import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** The built command line, as users run it. */
export function cliPath(): string {
  if (!existsSync(entry))
    throw new Error("dist/cli.js is missing; run: pnpm --filter habu-cleanroom-mcp build");
  return entry;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
  /** The first match in what it says on stderr. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Runs the command line; nothing of this process's Habu settings leaks in. */
export function startCli(args: readonly string[], env: Record<string, string> = {}): Started {
  const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HABU_")));
  const child = spawn(process.execPath, [cliPath(), ...args], {
    env: { ...bare, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const end = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  return {
    child,
    end,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stderr);
          if (match !== null) resolve(match);
        };
        child.stderr?.on("data", look);
        look();
        end.then(({ code }) => reject(new Error(`ended with ${code}: ${stderr}`)));
      }),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await end;
    },
  };
}
