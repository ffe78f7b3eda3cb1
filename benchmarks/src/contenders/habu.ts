import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Launch } from "../harness/wire-client.ts";

const cli = fileURLToPath(new URL("../../../servers/habu-cleanroom-mcp/dist/cli.js", import.meta.url));

/** One call as the server's own trail has it. */
export interface Told {
  readonly tool: string;
  readonly ms: number;
  readonly upstreamMs: number;
  readonly upstreamCalls: number;
}

export interface HabuBench {
  readonly launch: Launch;
  /** Another server on the same state, with a trail of its own. */
  readonly second: Launch;
  /** Milliseconds every reply of the platform is held back. */
  latency(ms: number): Promise<void>;
  /** A plan of faults, as the emulator takes it. */
  faults(plan: object): Promise<void>;
  switches(set: object): Promise<void>;
  /** Tokens granted and rules broken, since the emulator began. */
  journal(): Promise<{ tokens: number; violations: readonly unknown[] }>;
  /** Lets emulated time pass: cached replies age. */
  advance(ms: number): Promise<void>;
  /** Since the last `told`; empty until the server has written it. */
  told(): readonly Told[];
  close(): Promise<void>;
}

/** The built server, pointed at its emulator in a process of its own. */
export async function habuBench(): Promise<HabuBench> {
  const folder = mkdtempSync(join(tmpdir(), "bench-habu-"));
  const emulator = spawn(process.execPath, [cli, "emulator", "--port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [url, id, secret] = await address(emulator);
  const trail = join(folder, "audit.jsonl");
  const launchWith = (name: string, file: string): Launch => {
    const config = join(folder, name);
    writeFileSync(
      config,
      JSON.stringify({
        state_dir: join(folder, "state"),
        groups: ["all"],
        audit: { sink: "file", file },
        log_level: "error",
      }),
    );
    return {
      command: process.execPath,
      args: [cli, "--config", config],
      env: { HABU_API_BASE_URL: url, HABU_CLIENT_ID: id, HABU_CLIENT_SECRET: secret },
    };
  };
  const control = async (path: string, body: object) => {
    const answer = await fetch(`${url}/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the emulator answered ${path} with ${answer.status}`);
  };
  let seen = 0;
  return {
    launch: launchWith("habu.json", trail),
    second: launchWith("second.json", join(folder, "second.jsonl")),
    faults: (plan) => control("__faults", plan),
    switches: (set) => control("__switches", set),
    async journal() {
      const { violations, counts } = (await (await fetch(`${url}/__journal`)).json()) as {
        violations: unknown[];
        counts: Record<string, number>;
      };
      return { violations, tokens: counts["oauth/token"] ?? 0 };
    },
    latency: (latencyMs) => control("__faults", { latencyMs }),
    advance: (advanceMs) => control("__clock", { advanceMs }),
    told() {
      const calls = readFileSync(trail, "utf8").split("\n").flatMap(toldBy);
      const fresh = calls.slice(seen);
      seen = calls.length;
      return fresh;
    },
    close: async () => {
      const gone = new Promise((resolve) => emulator.once("exit", resolve));
      emulator.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function toldBy(line: string): Told[] {
  if (line === "") return [];
  const { body } = JSON.parse(line);
  if (body?.kind !== "call") return [];
  const { upstream_ms = 0, upstream_calls = 0 } = body.facts ?? {};
  return [{ tool: body.tool, ms: body.timing_ms, upstreamMs: upstream_ms, upstreamCalls: upstream_calls }];
}

function address(emulator: ChildProcess): Promise<[string, string, string]> {
  return new Promise((resolve, reject) => {
    let text = "";
    emulator.stderr?.on("data", (chunk: Buffer) => {
      text += chunk;
      const [, url, id, secret] =
        /HABU_API_BASE_URL=(\S+) HABU_CLIENT_ID=(\S+) HABU_CLIENT_SECRET=(\S+)\n/.exec(text) ?? [];
      if (url !== undefined && id !== undefined && secret !== undefined) resolve([url, id, secret]);
    });
    emulator.once("exit", () => reject(new Error(`the emulator ended:\n${text}`)));
  });
}
