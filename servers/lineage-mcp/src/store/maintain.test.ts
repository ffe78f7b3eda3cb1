import { statSync } from "node:fs";
import { join } from "node:path";
import * as api from "@duckdb/node-api";
import { createLogger } from "@mcp-data/core";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/recorded.ts";
import { openHome } from "../data/home.ts";
import { maintain } from "./maintain.ts";
import { openDatabase } from "./open.ts";

const logger = createLogger({ server: "test", level: "silent" });

async function setup() {
  const home = openHome(tempFolder());
  const path = join(tempFolder(), "lineage.duckdb");
  const { instance, connection } = await openDatabase(api, path);
  const count = async (where = "true") => {
    const read = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM cell_runs WHERE ${where}`);
    return read.getRows()[0]?.[0];
  };
  const runs = (prefix: string, days: number, rows: number) =>
    connection.run(
      `INSERT INTO cell_runs (run_id, cell_name, status, started_at)
       SELECT '${prefix}' || i, md5(i::VARCHAR) || md5((i * 7)::VARCHAR), 'completed', now()::TIMESTAMP - INTERVAL '${days} days'
       FROM range(${rows}) AS t(i)`,
    );
  return { home, path, instance, connection, count, runs };
}

test("what is past its time goes, what is not stays, and its room is used again", async () => {
  const { home, path, instance, connection, count, runs } = await setup();
  const sizes: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    for (let n = 0; n < 5; n += 1) await runs(`old${round}-${n}-`, 60, 20_000);
    await runs(`new${round}-`, 1, 500);
    await maintain(connection, home, 30, logger);
    sizes.push(statSync(path).size);
    expect(await count()).toBe((round + 1) * 500);
    expect(await count("run_id LIKE 'old%'")).toBe(0);
  }
  expect(Math.max(...sizes)).toBeLessThan((sizes[0] ?? 0) * 1.5);
  connection.closeSync();
  instance.closeSync();
});

test("questions asked meanwhile are answered from what stays", async () => {
  const { home, instance, connection, runs } = await setup();
  await runs("old-", 60, 100_000);
  await runs("new-", 1, 500);
  const asking = await instance.connect();
  let done = false;
  const work = maintain(connection, home, 30, logger).finally(() => {
    done = true;
  });
  const told = new Set<unknown>();
  while (!done) {
    const read = await asking.runAndReadAll(
      "SELECT count(*)::INTEGER FROM cell_runs WHERE run_id LIKE 'new-%'",
    );
    told.add(read.getRows()[0]?.[0]);
  }
  await work;
  expect([...told]).toEqual([500]);
  asking.closeSync();
  connection.closeSync();
  instance.closeSync();
});

test("without a limit nothing is forgotten", async () => {
  const { home, instance, connection, count, runs } = await setup();
  await runs("old-", 6_000, 10);
  await maintain(connection, home, undefined, logger);
  expect(await count()).toBe(10);
  connection.closeSync();
  instance.closeSync();
});
