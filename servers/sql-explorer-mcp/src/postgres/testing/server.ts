import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
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

/** `tls`: the server makes itself a certificate and serves nothing but encrypted connections. */
export async function createTestServer({ tls = false } = {}): Promise<TestServer> {
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
  if (tls) {
    const subject = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    const files = ["-keyout", join(data, "server.key"), "-out", join(data, "server.crt")];
    execFileSync("openssl", ["req", ...subject, ...files], quiet);
    await writeFile(join(data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n");
  }
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
        "-k",
        directory,
        "-F",
        "-c",
        "listen_addresses=127.0.0.1",
      ];
      if (tls) flags.push("-c", "ssl=on");
      server = spawnTethered(join(bin, "postgres"), flags, {
        user: "postgres",
        signal: "QUIT",
        cwd: directory,
      });
      await answers(tls ? `${url}?sslmode=no-verify` : url);
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

// Backends are in process groups of their own; each may end by itself while it is being signalled.
function groupSignal(server: ChildProcess, signal: NodeJS.Signals): void {
  for (const pid of [Number(server.pid), ...childrenOf(Number(server.pid))]) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return listed
      .split(" ")
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

function accountOf(user: string): { uid: number; gid: number } {
  const ask = (flag: string) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: ask("-u"), gid: ask("-g") };
}

/** Ends with this process, however that ends; as root it runs as another account. */
export function spawnTethered(
  command: string,
  args: readonly string[],
  options: { readonly user: string; readonly signal: string; readonly cwd: string },
): ChildProcess {
  const identity =
    process.getuid?.() === 0
      ? [`--reuid=${options.user}`, `--regid=${groupOf(options.user)}`, "--init-groups"]
      : [];
  return spawn("setpriv", [...identity, `--pdeathsig=${options.signal}`, "--", command, ...args], {
    cwd: options.cwd,
    stdio: ["ignore", "ignore", "ignore"],
  });
}

function groupOf(user: string): string {
  return execFileSync("id", ["-g", user], { encoding: "utf8" }).trim();
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
