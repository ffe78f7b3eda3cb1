import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as api from "@duckdb/node-api";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/recorded.ts";
import { openDatabase } from "../store/open.ts";
import { createRelief } from "./relief.ts";

const privateMb = () =>
  Number(/^Private_Dirty:\s+(\d+)/m.exec(readFileSync("/proc/self/smaps_rollup", "utf8"))?.[1]) / 1024;

test.runIf(process.platform === "linux")("what questions took is given back", async () => {
  const { instance, connection } = await openDatabase(api, join(tempFolder(), "lineage.duckdb"));
  await connection.run(
    "INSERT INTO cell_runs (run_id, cell_name, code_hash) SELECT i::VARCHAR, md5(i::VARCHAR), md5((i + 1)::VARCHAR) FROM range(300000) AS t(i)",
  );
  await connection.run("CHECKPOINT");
  const question = () =>
    connection.runAndReadAll(
      "SELECT count(DISTINCT run_id), count(DISTINCT cell_name), count(DISTINCT code_hash) FROM cell_runs",
    );
  for (let n = 0; n < 3; n += 1) await question();
  const before = privateMb();
  await createRelief(api).now();
  expect(privateMb()).toBeLessThan(before - 20);
  connection.closeSync();
  instance.closeSync();
});

test("not again a moment later", async () => {
  let made = 0;
  const create = (...given: Parameters<typeof api.DuckDBInstance.create>) => {
    made += 1;
    return api.DuckDBInstance.create(...given);
  };
  const counting = { ...api, DuckDBInstance: { create } } as unknown as typeof api;
  await createRelief(counting).sometimes();
  expect(made).toBe(0);
  await createRelief(counting, 0).sometimes();
  expect(made).toBe(1);
});
