import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootDir } from "../run/workspace.mjs";
import { startPostgres } from "../services/postgres.mjs";

const run = promisify(execFile);
let cluster;
let psql;

beforeAll(async () => {
  cluster = await startPostgres();
  psql = (user, sql) =>
    run(join(cluster.bin, "psql"), [`postgres://${user}@127.0.0.1:${cluster.port}/postgres`, "-Atc", sql]);
  const env = {
    PATH: `${cluster.bin}:${process.env.PATH}`,
    PGHOST: "127.0.0.1",
    PGPORT: String(cluster.port),
    POSTGRES_DB: "postgres",
    READER_PASSWORD: "it's a secret",
  };
  await run(join(rootDir, "docker/reader.sh"), { env });
  await psql("postgres", "CREATE TABLE later (n int); INSERT INTO later VALUES (7)");
});
afterAll(() => cluster?.stop());

test("the reader reads tables made after it", async () => {
  expect((await psql("reader", "SELECT n FROM later")).stdout.trim()).toBe("7");
});

test.each([
  "INSERT INTO later VALUES (8)",
  "CREATE TABLE mine (n int)",
  "CREATE TEMP TABLE mine (n int)",
  "CREATE SCHEMA mine",
  "DROP TABLE later",
  "SELECT pg_read_file('postgresql.conf')",
])("the reader may not: %s", async (sql) => {
  await expect(psql("reader", sql)).rejects.toThrow(/permission denied|must be owner/);
});
