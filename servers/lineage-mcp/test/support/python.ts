import { type ExecFileException, execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { pythonEnv } from "../../scripts/python-env.mjs";
import { captureEnvironment } from "../../src/python/environment.ts";
import { tempFolder } from "./recorded.ts";

export const envNames = ["oldest", "middle", "newest"] as const;
export type EnvName = (typeof envNames)[number];

/** A Python with that generation of marimo and the DataFrame libraries; made at first use, which takes a minute. */
export async function pythonOf(name: EnvName): Promise<string> {
  const { python } = await pythonEnv(name);
  return python;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to the end, recorded into `home` when one is given. */
export function runPython(
  python: string,
  args: readonly string[],
  home?: string,
  more: Record<string, string> = {},
): Promise<Outcome> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONHASHSEED: "0",
    ...more,
  };
  if (home !== undefined)
    Object.assign(env, captureEnvironment(home, { source: true, stats: "off", everything: true }), more);
  return new Promise((resolve) => {
    execFile(
      python,
      [...args],
      { env, timeout: 900_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code =
          error === null
            ? 0
            : typeof (error as ExecFileException).code === "number"
              ? Number((error as ExecFileException).code)
              : 1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** The sample notebook with its data, in a folder of its own. */
export function shopNotebook(): string {
  const folder = tempFolder();
  cpSync(join(import.meta.dirname, "../notebooks"), folder, { recursive: true });
  return join(folder, "shop.py");
}

/** What differs between any two runs: addresses, times, what DuckDB 2 lists, in no order, of what outlives the interpreter. */
export function steady(text: string): string {
  return text
    .replaceAll(/0x[0-9a-f]+/g, "0x")
    .replaceAll(/\d{6} \d\d:\d\d:\d\d/g, "time")
    .replaceAll(/^ - leaked .*\n/gm, "");
}
