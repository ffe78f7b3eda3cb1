import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig } from "./config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jq-data-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (env: Record<string, string>, file?: string) => readConfig({ env, flags: [], file });

test("without anything: the guide's numbers, but stdio, and silence approves nothing", () => {
  expect(read({})).toMatchObject({
    database: "./database/tools.db",
    engine: { timeout_seconds: 30, result_mb: 100, native: false },
    team: { threshold: 2, learning: true, open_proposals: 200 },
    cache: { size_mb: 500 },
  });
  const { http, sync, team } = read({});
  expect([http?.listen, sync, team.auto_approve_hours]).toEqual([undefined, undefined, undefined]);
});

test("the founding names are read, every one", () => {
  const config = read({
    SUPER_DATA_DATASETS_PATH: "./d",
    SUPER_DATA_DATABASE_PATH: "./x.db",
    SUPER_DATA_LOG_LEVEL: "WARNING",
    SUPER_DATA_TRANSPORT: "http",
    SUPER_DATA_HOST: "0.0.0.0",
    SUPER_DATA_PORT: "9000",
    SUPER_DATA_S3_BUCKET: "team-data",
    SUPER_DATA_SYNC_INTERVAL: "15",
    AWS_REGION: "eu-central-1",
    SUPER_DATA_APPROVAL_THRESHOLD: "3",
    SUPER_DATA_AUTO_APPROVE_TIMEOUT: "24",
    SUPER_DATA_ENABLE_LEARNING: "false",
    SUPER_DATA_QUERY_TIMEOUT_SECONDS: "5",
    SUPER_DATA_MAX_RESULT_SIZE_MB: "10",
    SUPER_DATA_CACHE_SIZE_MB: "50",
  });
  expect(config).toMatchObject({
    data: ["./d"],
    database: "./x.db",
    http: { listen: "0.0.0.0:9000" },
    sync: { bucket: "team-data", interval_seconds: 15, region: "eu-central-1" },
    team: { threshold: 3, auto_approve_hours: 24, learning: false },
    engine: { timeout_seconds: 5, result_mb: 10 },
    cache: { size_mb: 50 },
  });
});

test("over HTTP without host and port it is the guide's port on this machine only", () => {
  expect(read({ SUPER_DATA_TRANSPORT: "http" }).http?.listen).toBe("127.0.0.1:8080");
  expect(read({ SUPER_DATA_TRANSPORT: "stdio" }).http?.listen).toBeUndefined();
});

test("a JQ_DATA_ name wins over a founding one, both over the file", () => {
  const file = join(folder, "c.yaml");
  writeFileSync(file, "team: {threshold: 7, learning: false}\ndatabase: ./file.db\n");
  const env = {
    JQ_DATA_APPROVAL_THRESHOLD: "5",
    SUPER_DATA_APPROVAL_THRESHOLD: "3",
    SUPER_DATA_DATABASE_PATH: "./env.db",
  };
  expect(read(env, file)).toMatchObject({ team: { threshold: 5, learning: false }, database: "./env.db" });
});

test("what is wrong is said with its field, and secrets are never repeated", () => {
  for (const [env, field] of [
    [{ JQ_DATA_APPROVAL_THRESHOLD: "none" }, "threshold"],
    [{ SUPER_DATA_QUERY_TIMEOUT_SECONDS: "-1" }, "timeout_seconds"],
    [{ SUPER_DATA_MAX_RESULT_SIZE_MB: "0" }, "result_mb"],
    [{ JQ_DATA_SYNC_BUCKET: "x" }, "bucket"],
  ] as const)
    expect(() => read(env), field).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringContaining(field) }),
    );
  const file = join(folder, "c.yaml");
  writeFileSync(file, "webhooks: [{url: nowhere, secret: hunter2}]\nteem: {}\n");
  let said = "";
  try {
    read({}, file);
  } catch (error) {
    said = `${(error as Error).message} ${(error as { hint?: string }).hint}`;
  }
  expect(said).toMatch(/url/);
  expect(said).not.toContain("hunter2");
});
