import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A server process of a test's own, to be stopped, killed and started again. */
export interface TestServer {
  readonly url: string;
  start(): Promise<void>;
  /** As the kernel does it: nobody is told. */
  kill(): Promise<void>;
  /** SIGSTOP or SIGCONT for the server and everything it started. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  remove(): Promise<void>;
}

export async function createTestServer(): Promise<TestServer> {
  const bin = process.env["TEST_POSTGRES_BIN"] ?? "/usr/lib/postgresql/15/bin";
  const account = process.getuid?.() === 0 ? accountOf("postgres") : {};
  const directory = await mkdtemp(join(tmpdir(), "pg-own-"));
  const data = join(directory, "data");
  if ("uid" in account) execFileSync("chown", ["postgres", directory]);
  const quiet = { ...account, stdio: "ignore", cwd: directory } as const;
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
    quiet,
  );
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  const kill = async () => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    groupSignal(server, "SIGKILL");
    await ended;
  };

  return {
    url,
    async start() {
      const flags = [
        "-D",
        data,
        "-p",
        String(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-k",
        directory,
        "-F",
      ];
      server = spawn(join(bin, "postgres"), flags, { ...quiet, detached: true });
      await answers(url);
    },
    kill,
    signal(name) {
      if (server !== undefined) groupSignal(server, name);
    },
    async remove() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

// Backends are in process groups of their own.
function groupSignal(server: ChildProcess, signal: NodeJS.Signals): void {
  const parent = String(server.pid);
  const children = execFileSync("ps", ["-o", "pid=", "--ppid", parent], { encoding: "utf8" }).split("\n");
  for (const pid of [parent, ...children].map(Number).filter((id) => id > 0)) process.kill(pid, signal);
}

function accountOf(user: string): { uid: number; gid: number } {
  const ask = (flag: string) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: ask("-u"), gid: ask("-g") };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function answers(url: string, waitMs = 20_000): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const client = new pg.Client(url);
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("SELECT 1");
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
