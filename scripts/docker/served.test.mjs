import { execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootDir } from "../run/workspace.mjs";
import { startPostgres } from "../services/postgres.mjs";
import { startRedis } from "../services/redis.mjs";

// What docker-compose.yml starts, as plain processes: its login script, its configuration, its server.
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "mcp-data-served-"));
const cli = join(rootDir, "servers/sql-explorer-mcp/dist/cli.js");
const key = randomBytes(16).toString("hex");
let postgres;
let redis;
let server;
let listen;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const READER_PASSWORD = "secret";
  const psqlEnv = {
    PATH: `${postgres.bin}:${process.env.PATH}`,
    PGHOST: "127.0.0.1",
    PGPORT: String(postgres.port),
  };
  await run(join(rootDir, "docker/reader.sh"), {
    env: { ...psqlEnv, POSTGRES_DB: "postgres", READER_PASSWORD },
  });
  const table = "CREATE TABLE fruit (name text); INSERT INTO fruit VALUES ('pear')";
  await run(join(postgres.bin, "psql"), [postgres.url, "-c", table]);

  const config = readFileSync(join(rootDir, "docker/sql-explorer.yaml"), "utf8");
  const here = config.replace("@postgres:5432/app", `@127.0.0.1:${postgres.port}/postgres`);
  expect(here).not.toBe(config);
  writeFileSync(join(folder, "sql-explorer.yaml"), here);
  const MCP_KEY_HASH = `sha256:${createHash("sha256").update(key).digest("hex")}`;
  const env = { PATH: process.env.PATH, READER_PASSWORD, MCP_KEY_HASH, SQL_EXPLORER_REDIS_URL: redis.url };
  const args = [cli, "--config", join(folder, "sql-explorer.yaml"), "--http", "0.0.0.0:0"];
  server = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  listen = await listening(server);
});

afterAll(async () => {
  if (server?.exitCode === null) {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await gone;
  }
  await Promise.all([postgres?.stop(), redis?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test("the container's health command finds it healthy", async () => {
  const { stdout } = await run(process.execPath, [cli, "health", listen]);
  expect(stdout.trim()).toBe("healthy");
});

test("a caller with the key reads as the minimal login, whose rights the enforced probe accepts", async () => {
  const { connect } = await import(join(rootDir, "packages/core/dist/client.js"));
  const client = await connect({ url: `http://${listen}/mcp`, headers: { authorization: `Bearer ${key}` } });
  const { data } = await client.callTool("query", { sql: "SELECT name FROM fruit" });
  expect(data.rows).toEqual([["pear"]]);
  await expect(client.callTool("query", { sql: "DELETE FROM fruit" })).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  await client.close();
});

test("without a key there is no answer", async () => {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  expect((await fetch(`http://${listen}/mcp`, { method: "POST", headers, body })).status).toBe(401);
});

/** HOST:PORT as the server tells on stderr; rejects with its last words when it ends instead. */
function listening(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr.on("data", (chunk) => {
      text += chunk;
      const port = /listening on http:\/\/[^:]+:(\d+)\/mcp/.exec(text)?.[1];
      if (port !== undefined) resolve(`127.0.0.1:${port}`);
    });
    child.once("exit", () => reject(new Error(`the server ended:\n${text}`)));
  });
}
