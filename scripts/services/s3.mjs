import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { acceptsTcp, startService } from "./start-service.mjs";

const home = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "mcp-data", "s3-server");
const requirement = "moto[server]>=5.1.5";

/** The program of an S3-compatible server that honours conditional writes, or undefined. */
export function findS3() {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const places = [join(home, "bin"), ...onPath].map((dir) => join(dir, "moto_server"));
  return places.find((path) => existsSync(path));
}

/** Installs the server into a Python environment of its own; throws with the manual way when it cannot. */
export function installS3() {
  const steps = [
    ["python3", ["-m", "venv", home]],
    [join(home, "bin", "pip"), ["install", "--quiet", requirement]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (error || status !== 0) {
      throw new Error(
        `cannot install the S3 server: ${error?.message ?? stderr.trim()}\nInstall Python 3 with venv, then: pip install '${requirement}'`,
      );
    }
  }
}

/** A throwaway S3 on loopback that keeps everything in memory; any credentials will do. */
export async function startS3() {
  const command = findS3();
  if (command === undefined)
    throw new Error("The S3 server is not installed; run: node scripts/services.mjs install");
  const service = await startService({
    name: "S3",
    stopSignal: "SIGTERM",
    commandFor: (port) => ({ command, args: ["-H", "127.0.0.1", "-p", String(port)] }),
    ready: acceptsTcp,
    timeoutMs: 60_000,
  });
  return { ...service, url: `http://127.0.0.1:${service.port}` };
}
