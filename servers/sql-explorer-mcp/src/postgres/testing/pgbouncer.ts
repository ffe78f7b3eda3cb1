import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, freePort, spawnTethered } from "./server.ts";

export interface TestPooler {
  readonly url: string;
  stop(): Promise<void>;
}

/** PgBouncer in transaction mode in front of one database, with as few server connections as asked for. */
export async function startPgBouncer(target: string, poolSize: number): Promise<TestPooler> {
  const binary = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find(existsSync);
  if (binary === undefined) throw new Error("PgBouncer is not installed; run: apt-get install -y pgbouncer");
  const { hostname, port, pathname, username } = new URL(target);
  const own = await freePort();
  const directory = await mkdtemp(join(tmpdir(), "pgbouncer-"));
  const config = join(directory, "pgbouncer.ini");
  await writeFile(join(directory, "users.txt"), `"${username}" ""\n`);
  await writeFile(
    config,
    `[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = trust
auth_file = ${join(directory, "users.txt")}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
`,
  );
  await chmod(directory, 0o755);
  // It refuses to run as root.
  const child = spawnTethered(binary, ["-q", config], { user: "nobody", signal: "TERM", cwd: directory });
  const url = `postgres://${username}@127.0.0.1:${own}${pathname}`;
  try {
    await answers(url, 5_000);
  } catch (error) {
    await end(child);
    throw new Error("PgBouncer did not start", { cause: error });
  }
  return {
    url,
    async stop() {
      await end(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await ended;
  clearTimeout(late);
}
