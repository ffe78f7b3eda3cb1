import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as api from "@duckdb/node-api";
import { expect, test } from "vitest";
import { openDatabase } from "../src/store/open.ts";
import { cli } from "./support/cli.ts";
import { tempFolder } from "./support/recorded.ts";

const rounds = process.env.SOAK_SECONDS === undefined ? 2 : 60;

/** Kills a process in the middle of a checkpoint; returns the last row it said was committed. */
async function killedInCheckpoint(path: string): Promise<number> {
  const child = spawn(
    cli.command,
    [...cli.args.slice(0, -1), join(import.meta.dirname, "support/checkpointing.ts"), path],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  let last = -1;
  child.stdout.on("data", (bytes: Buffer) => {
    last = Number(bytes.toString().trim().split("\n").at(-1));
  });
  while (!existsSync(`${path}.wal.checkpoint`) && child.exitCode === null)
    await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  await ended;
  return last;
}

async function rowsOf(path: string): Promise<{ runs: number; rows: number }> {
  const { instance, connection, setAside } = await openDatabase(api, path);
  try {
    expect(setAside).toBeUndefined();
    const read = await connection.runAndReadAll(
      "SELECT count(DISTINCT run_id)::INTEGER, count(*)::INTEGER FROM cell_runs",
    );
    const [[runs, rows] = []] = read.getRows();
    expect(readdirSync(join(path, "..")).filter((name) => /wal\../.test(name))).toEqual([]);
    return { runs: Number(runs), rows: Number(rows) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test(`${rounds} × kill -9 in a checkpoint: the next start has every commit, whole and once, and no log left of it`, {
  timeout: 1_800_000,
}, async () => {
  let cut = 0;
  const path = join(tempFolder(), "lineage.duckdb");
  for (let round = 0; cut < rounds; round += 1) {
    expect(round).toBeLessThan(rounds * 10);
    const last = await killedInCheckpoint(path);
    if (existsSync(`${path}.wal.checkpoint`)) cut += 1;
    const { runs, rows } = await rowsOf(path);
    expect(runs).toBeGreaterThanOrEqual(last + 1);
    expect(rows).toBe(runs * 40);
  }
});

test("the log of a checkpoint whose own log is gone does not wait for another", {
  timeout: 300_000,
}, async () => {
  const path = join(tempFolder(), "lineage.duckdb");
  do await killedInCheckpoint(path);
  while (!existsSync(`${path}.wal.checkpoint`));
  rmSync(`${path}.wal`, { force: true });
  const { runs, rows } = await rowsOf(path);
  expect(rows).toBe(runs * 40);
});
