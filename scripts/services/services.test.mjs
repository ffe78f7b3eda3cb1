import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startPostgres } from "./postgres.mjs";
import { startRedis } from "./redis.mjs";
import { acceptsTcp } from "./start-service.mjs";

const cli = fileURLToPath(new URL("../services.mjs", import.meta.url));
const run = promisify(execFile);

test("a cluster takes settings, answers as superuser, and leaves neither files nor a listener", async () => {
  const cluster = await startPostgres({ max_connections: "7" });
  const sql =
    "select current_setting('max_connections'), current_setting('wal_level'), usesuper from pg_user";
  const { stdout } = await run(join(cluster.bin, "psql"), [cluster.url, "-Atc", sql]);
  expect(stdout.trim()).toBe("7|logical|t");
  await cluster.stop();
  expect(existsSync(cluster.dataDir)).toBe(false);
  expect(await acceptsTcp(cluster.port)).toBe(false);
});

test("a refused setting is reported with the server's own words", async () => {
  await expect(startPostgres({ max_connections: "many" })).rejects.toThrow(/max_connections/);
});

test("Redis answers and goes", async () => {
  const redis = await startRedis();
  expect(await acceptsTcp(redis.port)).toBe(true);
  await redis.stop();
  expect(await acceptsTcp(redis.port)).toBe(false);
});

test("run hands the command its services and gives back its exit code", async () => {
  const script = "console.log(JSON.stringify(process.env)); process.exit(3)";
  const failure = await run(process.execPath, [cli, "run", "--", process.execPath, "-e", script]).catch(
    (e) => e,
  );
  expect(failure.code).toBe(3);
  const env = JSON.parse(failure.stdout);
  expect(env.TEST_POSTGRES_URL).toMatch(/^postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres$/);
  expect(existsSync(join(env.TEST_POSTGRES_BIN, "initdb"))).toBe(true);
  expect(existsSync(env.TEST_POSTGRES_DATA)).toBe(false);
  expect(await acceptsTcp(Number(new URL(env.TEST_REDIS_URL).port))).toBe(false);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])("after %s no service is left", async (signal) => {
  const script =
    "console.log(process.env.TEST_POSTGRES_URL, process.env.TEST_REDIS_URL); setInterval(() => {}, 1e6)";
  const child = spawn(process.execPath, [cli, "run", "--", process.execPath, "-e", script]);
  const [line] = await new Promise((resolve) => child.stdout.once("data", (data) => resolve([String(data)])));
  const ports = line
    .trim()
    .split(" ")
    .map((url) => Number(new URL(url).port));
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
  const deadline = Date.now() + 5_000;
  const listening = async () => (await Promise.all(ports.map(acceptsTcp))).some(Boolean);
  while (Date.now() < deadline && (await listening())) await sleep(20);
  expect(await listening()).toBe(false);
});

test("wrong usage exits 2 and shows the usage", async () => {
  const failure = await run(process.execPath, [cli, "run"]).catch((e) => e);
  expect(failure.code).toBe(2);
  expect(failure.stderr).toContain("run -- COMMAND");
});
