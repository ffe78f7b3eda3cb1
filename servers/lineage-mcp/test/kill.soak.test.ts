import { spawn } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { connectV1 } from "@mcp-data/core/testing";
import { expect, test } from "vitest";
import { openHome } from "../src/data/home.ts";
import { captureEnvironment } from "../src/python/environment.ts";
import { cli } from "./support/cli.ts";
import { dice } from "./support/dice.ts";
import { pythonOf, shopNotebook } from "./support/python.ts";
import { demoFolder, openRecorded, tempFolder } from "./support/recorded.ts";
import { storedKeys, writtenIn } from "./support/written.ts";

const rounds = process.env.SOAK_SECONDS === undefined ? 5 : 100;
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const samples = readdirSync(demoFolder).flatMap((name) =>
  readFileSync(join(demoFolder, name), "utf8")
    .split("\n")
    .filter((line) => line.includes('"event_id"'))
    .map((line) => [name, line] as const),
);

async function openServer(root: string) {
  const connected = await connectV1({
    command: cli.command,
    args: [...cli.args, "--data-dir", root],
    stderr: "ignore",
  });
  return {
    kill: () => process.kill((connected.transport as unknown as { pid: number }).pid, "SIGKILL"),
    close: () => connected.client.close().catch(() => undefined),
    async events(): Promise<number> {
      const answer = await connected.client.callTool({ name: "get_status", arguments: {} });
      if (answer.isError) throw new Error(JSON.stringify(answer.content));
      return (answer.structuredContent as { data: { ingest: { events: number } } }).data.ingest.events;
    },
  };
}

test(`${rounds} × kill -9 of servers and notebooks among rotation, pieces, truncation and deleted databases: nothing lost, nothing twice (seed ${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const roll = dice(seed);
  const python = await pythonOf("newest");
  const notebook = shopNotebook();
  const home = openHome(tempFolder());
  let sent = 0;
  /** A new event, in pieces now and then. */
  const send = async (file: string) => {
    const [name, line] = samples[sent % samples.length] ?? ["", ""];
    const cycle = String(Math.floor(sent / samples.length)).padStart(4, "0");
    const copy = `${line
      .replace(/"event_id":"(.{24}).{12}"/, `"event_id":"$1${String(sent).padStart(12, "0")}"`)
      .replace(/"run_id":"(.{32}).{4}"/, `"run_id":"$1${cycle}"`)}\n`;
    sent += 1;
    const cut = roll() < 0.2 ? Math.floor(roll() * copy.length) : copy.length;
    appendFileSync(join(home.events, `${file}_${name}`), copy.slice(0, cut));
    if (cut === copy.length) return;
    if (roll() < 0.5) await pause(2);
    appendFileSync(join(home.events, `${file}_${name}`), copy.slice(cut));
  };
  const servers = await Promise.all([openServer(home.root), openServer(home.root)]);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const kernel = spawn(python, [notebook], {
        stdio: "ignore",
        env: {
          ...process.env,
          ...captureEnvironment(home.root, { source: true, stats: "off", everything: true }),
          LINEAGE_MCP_ROTATE_BYTES: "6000",
        },
      });
      const ended = new Promise((resolve) => kernel.once("exit", resolve));
      for (const until = Date.now() + 500 + roll() * 2_500; Date.now() < until; ) {
        await send(`${round % 4}`);
        if (sent % 20 === 0) await pause(5);
      }
      kernel.kill("SIGKILL");
      if (round % 10 === 4) {
        for (const file of [home.database, `${home.database}.wal`]) rmSync(file, { force: true });
      }
      if (round % 10 === 7) {
        const [name = ""] = readdirSync(home.events).filter((each) => each.startsWith("0_"));
        const before = readFileSync(join(home.events, name));
        truncateSync(join(home.events, name), 0);
        await pause(roll() * 600);
        appendFileSync(join(home.events, name), before);
      }
      const victim = roll() < 0.5 ? 0 : 1;
      servers[victim]?.kill();
      await ended;
      // The other one answers, with what it has or after it took over.
      await expect.poll(() => servers[1 - victim]?.events(), { timeout: 60_000 }).toBeGreaterThanOrEqual(0);
      await servers[victim]?.close();
      servers[victim] = await openServer(home.root);
    }
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
  const { keys, invalid } = writtenIn(home.events);
  expect(invalid).toEqual([]);
  await using recorded = openRecorded(null, home.root);
  const { memory } = recorded.services;
  await expect.poll(async () => (await memory.fresh()).ingest_lag_ms, { timeout: 120_000 }).toBe(0);
  await memory.fresh();
  const stored = (await memory.rows(storedKeys)).map((row) => String(row.event_key));
  const known = new Set(stored);
  const lost = [...keys].filter((key) => !known.has(key));
  expect({ lost, stored: stored.length, dead: (await memory.status()).dead_letters }).toEqual({
    lost: [],
    stored: keys.size,
    dead: 0,
  });
  const [runs] = await memory.rows(
    "SELECT count(*) AS rows, count(DISTINCT run_id) AS runs, (SELECT count(DISTINCT run_id) FROM runtime_events WHERE starts_with(event_type, 'cell_')) AS told FROM cell_runs",
  );
  expect(runs).toEqual({ rows: runs?.told, runs: runs?.told, told: runs?.told });
});
