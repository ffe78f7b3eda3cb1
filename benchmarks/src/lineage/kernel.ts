import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pythonEnv } from "../../../servers/lineage-mcp/scripts/python-env.mjs";

const program = fileURLToPath(new URL("../../lineage/kernel.py", import.meta.url));
const bootstrap = fileURLToPath(new URL("../../../servers/lineage-mcp/python", import.meta.url));

export interface Kernel {
  readonly rounds: number;
  readonly first_mb: number;
  readonly last_mb: number;
}

/** A recorded session of so many seconds, in the newest of the test environments. */
export async function kernel(home: string, seconds: number, signal: AbortSignal): Promise<Kernel> {
  const { python } = await pythonEnv("newest");
  const { stdout } = await promisify(execFile)(python, [program, String(seconds)], {
    env: { ...process.env, PYTHONPATH: bootstrap, LINEAGE_MCP: "1", LINEAGE_MCP_HOME: home },
    maxBuffer: 1e8,
    signal,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Kernel;
}
