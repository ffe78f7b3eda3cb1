import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { scratchDir } from "./scratch-dir.mjs";
import { acceptsTcp, startService } from "./start-service.mjs";
import { exited, tether } from "./tether.mjs";

const debianRoot = "/usr/lib/postgresql";

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_preload_libraries: "pg_stat_statements",
  wal_level: "logical",
  max_connections: "200",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  log_min_messages: "error",
};

/** The directory of the newest installed server binaries, or undefined; POSTGRES_BIN names another. */
export function findPostgres() {
  if (process.env.POSTGRES_BIN !== undefined) return process.env.POSTGRES_BIN;
  const versions = existsSync(debianRoot)
    ? readdirSync(debianRoot).sort((a, b) => Number(b) - Number(a))
    : [];
  const onPath = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const places = [...versions.map((version) => join(debianRoot, version, "bin")), ...onPath];
  return places.find((dir) => existsSync(join(dir, "initdb")) && existsSync(join(dir, "postgres")));
}

/**
 * A throwaway cluster: TCP on loopback, superuser `postgres` without a password, logical WAL, nothing durable.
 * `extra` adds or replaces server settings. `stop()` ends it and removes its files.
 */
export async function startPostgres(extra = {}) {
  const bin = findPostgres();
  if (bin === undefined) {
    throw new Error("PostgreSQL is not installed; run: node scripts/services.mjs install");
  }
  const asRoot = process.getuid?.() === 0;
  const dataDir = await scratchDir("postgres", asRoot ? accountOf("postgres") : undefined);
  try {
    await initdb(bin, dataDir);
    const service = await launch(bin, dataDir, extra);
    return {
      ...service,
      bin,
      dataDir,
      url: `postgres://postgres@127.0.0.1:${service.port}/postgres`,
      async stop() {
        await service.stop();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

function launch(bin, dataDir, extra) {
  const flags = Object.entries({ ...settings, ...extra }).flatMap(([key, value]) => [
    "-c",
    `${key}=${value}`,
  ]);
  return startService({
    name: "PostgreSQL",
    stopSignal: "SIGINT",
    commandFor: (port) => ({
      command: join(bin, "postgres"),
      args: ["-D", dataDir, "-p", String(port), ...flags],
      options: { user: "postgres", deathSignal: "QUIT", cwd: dataDir },
    }),
    ready: async (port) => (await acceptsTcp(port)) && (await isReady(bin, port)),
  });
}

async function initdb(bin, dataDir) {
  const args = ["-D", dataDir, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  const child = tether(join(bin, "initdb"), args, {
    user: "postgres",
    cwd: dataDir,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let problem = "";
  child.stderr.on("data", (chunk) => {
    problem += chunk;
  });
  const { code } = await exited(child);
  if (code !== 0) throw new Error(`initdb failed: ${problem.trim()}`);
}

async function isReady(bin, port) {
  const probe = tether(join(bin, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
  });
  return (await exited(probe)).code === 0;
}

function accountOf(user) {
  const ask = (flag) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: ask("-u"), gid: ask("-g") };
}
