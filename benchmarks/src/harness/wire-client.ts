import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The thinnest client that can measure: lines over pipes, ids matched, nothing validated. */
export interface WireClient {
  readonly pid: number;
  /** Milliseconds from spawning to the first tools/list answer. */
  readonly startMs: number;
  call(call: Call): Promise<{ isError?: boolean; content: { text: string }[] }>;
  /** Megabytes of the process and its children. */
  residentMb(): number;
  close(): Promise<void>;
}

export async function launch({ command, args, env }: Launch): Promise<WireClient> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  const request = requester(child);
  await request("initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "benchmark", version: "1" },
  });
  child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  await request("tools/list", {});
  const startMs = performance.now() - started;
  return {
    pid: child.pid ?? 0,
    startMs,
    call: (call) => request("tools/call", call) as ReturnType<WireClient["call"]>,
    residentMb: () => residentOf(child.pid ?? 0),
    close: () =>
      new Promise((resolve) => {
        child.once("close", () => resolve());
        child.stdin?.end();
        setTimeout(() => child.kill("SIGKILL"), 3_000).unref();
      }),
  };
}

function requester(child: ChildProcess): (method: string, params: unknown) => Promise<unknown> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let rest = "";
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    complaint = (complaint + chunk).slice(-2_000);
  });
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    rest += chunk;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (!line.startsWith("{")) continue;
      const message = JSON.parse(line) as { id?: number; result?: unknown; error?: { message: string } };
      const waiter = message.id === undefined ? undefined : waiting.get(message.id);
      if (waiter === undefined || message.id === undefined) continue;
      waiting.delete(message.id);
      if (message.error === undefined) waiter.resolve(message.result);
      else waiter.reject(new Error(message.error.message));
    }
  });
  child.once("close", (code) => {
    for (const { reject } of waiting.values())
      reject(new Error(`the server ended with ${code}: ${complaint}`));
  });
  let id = 0;
  return (method, params) =>
    new Promise((resolve, reject) => {
      id += 1;
      waiting.set(id, { resolve, reject });
      child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
}

function residentOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const own = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children
    .split(" ")
    .filter(Boolean)
    .reduce((sum, child) => sum + residentOf(Number(child)), own);
}
