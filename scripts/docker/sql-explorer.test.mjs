import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootDir } from "../run/workspace.mjs";
import { startPostgres } from "../services/postgres.mjs";
import { startRedis } from "../services/redis.mjs";
import { startComposed, statusWithoutKey } from "./start-composed.mjs";

const run = promisify(execFile);
let postgres;
let redis;
let server;

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
  server = await startComposed("sql-explorer", {
    places: { "@postgres:5432/app": `@127.0.0.1:${postgres.port}/postgres` },
    env: { READER_PASSWORD, SQL_EXPLORER_REDIS_URL: redis.url },
  });
});

afterAll(async () => {
  await server?.stop();
  await Promise.all([postgres?.stop(), redis?.stop()]);
});

test("the container's health command finds it healthy", async () => {
  expect(await server.health()).toBe("healthy");
});

test("a caller with the key reads as the minimal login, whose rights the enforced probe accepts", async () => {
  const client = await server.connect();
  const { data } = await client.callTool("query", { sql: "SELECT name FROM fruit" });
  expect(data.rows).toEqual([["pear"]]);
  await expect(client.callTool("query", { sql: "DELETE FROM fruit" })).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  await client.close();
});

test("without a key there is no answer", async () => {
  expect(await statusWithoutKey(server.url)).toBe(401);
});
