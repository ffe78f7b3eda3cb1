import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSamples } from "../../src/demo/demo.ts";

export interface ServedTeam extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly keys: readonly string[];
  residentMb(): number;
  descriptors(): number;
  threads(): number;
}

/** A team server in a process of its own, with an API key for each of so many people. */
export async function serveProcess(
  command: readonly string[],
  people: number,
  more: object = {},
): Promise<ServedTeam> {
  const folder = mkdtempSync(join(tmpdir(), "jq-data-load-"));
  const { data, seeds } = writeSamples(folder);
  const keys = Array.from({ length: people }, (_, i) => `key-of-person-${i}-0123456789`);
  const config = join(folder, "config.json");
  const hash = (key: string) => `sha256:${createHash("sha256").update(key).digest("hex")}`;
  writeFileSync(
    config,
    JSON.stringify({
      data: [data],
      seeds,
      database: join(folder, "tools.db"),
      http: { listen: "127.0.0.1:0" },
      auth: {
        api_keys: keys.map((key, i) => ({
          id: `p${i}`,
          hash: hash(key),
          scopes: ["data:read", "data:write"],
        })),
      },
      audit: { sink: "none" },
      rate_limits: { enabled: false },
      log_level: "error",
      ...more,
    }),
  );
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, "--config", config], { stdio: ["ignore", "ignore", "pipe"] });
  const url = await address(child);
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    keys,
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024,
    descriptors: () => readdirSync(`/proc/${pid}/fd`).length,
    threads: () => readdirSync(`/proc/${pid}/task`).length,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      text = (text + chunk).slice(-10_000);
      const url = /listening on (\S+)\n/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${text}`)));
  });
}
