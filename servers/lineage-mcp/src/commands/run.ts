import { spawn } from "node:child_process";
import { chooseHome, openHome } from "../data/home.ts";
import { notebooksFrom } from "../data/notebook.ts";
import { registerFolders, registerNotebooks } from "../data/registry.ts";
import { captureEnvironment } from "../python/environment.ts";
import type { CommandFlags } from "./flags.ts";
import { complain, homeOf } from "./say.ts";

/** The command's own exit code; without --notebook every notebook below is recorded. */
export async function runRecorded(values: CommandFlags<"run">, command: readonly string[]): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) {
    complain("give a command: lineage-mcp run -- marimo edit NOTEBOOK");
    return 2;
  }
  const home = openHome(chooseHome(homeOf(values)));
  const options = { source: values.source !== false, stats: "off" as const };
  const { notebooks, folders } = notebooksFrom(values.notebook ?? []);
  registerNotebooks(home, notebooks, options);
  registerFolders(home, folders);
  const env = captureEnvironment(home.root, { ...options, everything: notebooks.length === 0 });
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, forward);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      complain(`${program} could not be started: ${(error as NodeJS.ErrnoException).code ?? "unknown"}`);
      resolve(127);
    });
    child.once("exit", (code, signal) =>
      resolve(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1)),
    );
  });
}
