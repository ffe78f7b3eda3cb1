import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as api from "@duckdb/node-api";
import { createLogger } from "@mcp-data/core";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/recorded.ts";
import { createCheckpoints } from "./checkpoints.ts";
import { openDatabase } from "./open.ts";

const logger = createLogger({ server: "test", level: "silent" });

test("rows written, changed and removed during checkpoints are all there after a new start, and the log is short", async () => {
  const path = join(tempFolder(), "lineage.duckdb");
  const { instance, connection } = await openDatabase(api, path);
  const checkpoints = createCheckpoints(instance, path, logger, 100_000);
  let begun = 0;
  for (let n = 0; n < 60; n += 1) {
    await connection.run("BEGIN");
    await connection.run(
      `INSERT INTO cell_runs (run_id, cell_name, status) SELECT ${n} || '-' || i, md5(i::VARCHAR), 'running' FROM range(500) AS t(i)`,
    );
    await connection.run(`UPDATE cell_runs SET status = 'completed' WHERE run_id LIKE '${n}-%'`);
    await connection.run(`DELETE FROM cell_runs WHERE run_id IN ('${n}-7', '${n - 1}-8')`);
    await connection.run("COMMIT");
    const before = statSync(`${path}.wal`, { throwIfNoEntry: false })?.size ?? 0;
    checkpoints.look();
    if (before >= 100_000) begun += 1;
  }
  await checkpoints.settled();
  expect(begun).toBeGreaterThan(1);
  checkpoints.look();
  await checkpoints.settled();
  expect(statSync(`${path}.wal`, { throwIfNoEntry: false })?.size ?? 0).toBeLessThan(1_000_000);
  connection.closeSync();
  instance.closeSync();

  const again = await openDatabase(api, path);
  const rows = await again.connection.runAndReadAll(
    "SELECT count(*)::INTEGER, count(DISTINCT run_id)::INTEGER, count(*) FILTER (status = 'completed')::INTEGER FROM cell_runs",
  );
  expect(rows.getRows()[0]).toEqual([29_881, 29_881, 29_881]);
  again.connection.closeSync();
  again.instance.closeSync();
});

test("logs of a damaged database, also of a checkpoint that was cut short, do not reach its successor", async () => {
  const path = join(tempFolder(), "lineage.duckdb");
  for (const name of [path, `${path}.wal`, `${path}.wal.checkpoint`])
    writeFileSync(name, "no database\n".repeat(2_000));
  const opened = await openDatabase(api, path);
  expect(opened.setAside).toMatch(/damaged/);
  expect(existsSync(`${path}.wal.checkpoint`)).toBe(false);
  const rows = await opened.connection.runAndReadAll("SELECT count(*)::INTEGER FROM cell_runs");
  expect(rows.getRows()).toEqual([[0]]);
  opened.connection.closeSync();
  opened.instance.closeSync();
});
