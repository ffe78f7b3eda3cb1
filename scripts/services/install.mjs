import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { findPostgres } from "./postgres.mjs";
import { findRedis } from "./redis.mjs";
import { findS3, installS3 } from "./s3.mjs";

const poolerPlaces = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"];

/** Debian packages that are missing on this machine. */
function missingPackages() {
  const bin = findPostgres();
  return [
    ...(bin === undefined ? ["postgresql"] : []),
    ...(bin === undefined || !hasContrib(bin) ? ["postgresql-contrib"] : []),
    ...(findRedis() === undefined ? ["redis-server"] : []),
    ...(poolerPlaces.some((path) => existsSync(path)) ? [] : ["pgbouncer"]),
    ...(findChromium() === undefined ? ["chromium"] : []),
    ...(existsSync("/usr/bin/jq") ? [] : ["jq"]),
  ];
}

/** Installs what the tests' services need; throws with the manual way when it cannot. */
export function installServices(log = console.error) {
  installPackages(log);
  if (findS3() === undefined) {
    log("services: installing the S3 server");
    installS3();
  }
}

function installPackages(log) {
  const wanted = missingPackages();
  if (wanted.length === 0)
    return log("services: PostgreSQL, Redis, PgBouncer, Chromium and jq are installed");
  const elevate = elevation();
  if (!existsSync("/usr/bin/apt-get") || elevate === undefined) {
    throw new Error(
      `missing: ${wanted.join(", ")}. Installing them needs apt-get and root; install PostgreSQL 15 or later ` +
        "with its contrib modules, Redis 7 or later and PgBouncer by hand so that their binaries are found.",
    );
  }
  log(`services: installing ${wanted.join(", ")}`);
  // RUNLEVEL=1 keeps the packages from starting their own daemons.
  const apt = [...elevate, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-qq"];
  run([...apt, "update"]);
  run([...apt, "install", "-y", "--no-install-recommends", ...wanted]);
  const still = missingPackages();
  if (still.length > 0) throw new Error(`apt-get finished, yet these are not found: ${still.join(", ")}`);
}

function hasContrib(bin) {
  const shared = [join(dirname(bin), "lib"), "/usr/lib/postgresql"];
  return shared.some((dir) => existsSync(dir) && holdsModule(dir));
}

function holdsModule(dir) {
  return readdirSync(dir, { recursive: true }).some((path) =>
    /pg_stat_statements\.(so|dylib)$/.test(String(path)),
  );
}

function elevation() {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" });
  return sudo.status === 0 ? ["sudo", "-n"] : undefined;
}

function run([command, ...args]) {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stderr.trim()}`);
}
