import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import * as api from "@duckdb/node-api";
import { createLogger } from "@mcp-data/core";
import { expect, test } from "vitest";
import { demoFolder, tempFolder } from "../../test/support/recorded.ts";
import { openHome } from "../data/home.ts";
import { openDatabase } from "../store/open.ts";
import { openOwner } from "./owner.ts";
import { openSharedMemory } from "./shared-memory.ts";

const logger = createLogger({ server: "test", level: "silent" });

/** The engine, whose connections refuse as long as they are told to. */
function failing(refuse: () => boolean, what = "createAppender", message = "disk full"): typeof api {
  const connection = (real: DuckDBConnection) =>
    new Proxy(real, {
      get(target, name) {
        if (name === what && refuse()) return () => Promise.reject(new Error(message));
        const value = Reflect.get(target, name) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const create = async (...args: Parameters<typeof api.DuckDBInstance.create>) => {
    const instance = await api.DuckDBInstance.create(...args);
    const connect = instance.connect.bind(instance);
    instance.connect = async () => connection(await connect());
    return instance;
  };
  return { ...api, DuckDBInstance: { create } } as unknown as typeof api;
}

test("a tailer that fails says so, starts again by itself, and loses nothing", async () => {
  const home = openHome(tempFolder());
  let refuse = false;
  const memory = await openOwner({ api: failing(() => refuse), home, logger });
  refuse = true;
  cpSync(demoFolder, home.events, { recursive: true });
  await memory.fresh();
  await expect
    .poll(() => memory.status(), { timeout: 10_000 })
    .toMatchObject({ problem: "disk full", events: 0, tailer: expect.not.stringMatching("running") });
  expect((await memory.fresh()).ingest_lag_ms).toBeGreaterThanOrEqual(0);
  refuse = false;
  await expect
    .poll(() => memory.status(), { timeout: 10_000 })
    .toMatchObject({ tailer: "running", events: 174, dead_letters: 0 });
  expect(await memory.status()).not.toHaveProperty("problem");
  await memory.close();
});

test("what is past its time is forgotten, and its files with it when they were read to their end", async () => {
  const home = openHome(tempFolder());
  for (const name of readdirSync(demoFolder)) {
    const text = readFileSync(join(demoFolder, name), "utf8").replaceAll(/"20\d\d-(\d\d-\d\dT)/g, '"2001-$1');
    appendFileSync(join(home.events, name), text);
    utimesSync(join(home.events, name), 1_000_000, 1_000_000);
  }
  const first = await openOwner({ api, home, logger, retainDays: 30 });
  expect(await first.rows("SELECT count(*) AS n FROM cell_runs")).toEqual([{ n: 0 }]);
  expect((await first.status()).dead_letters).toBe(0);
  await first.close();
  expect(readdirSync(home.events)).toEqual([]);
});

test("an older database is brought to the newest version, a newer one is left alone", async () => {
  const home = openHome(tempFolder());
  const old = await openDatabase(api, home.database);
  await old.connection.run("UPDATE meta SET value = '999' WHERE key = 'schema_version'");
  old.connection.closeSync();
  old.instance.closeSync();
  await expect(openDatabase(api, home.database)).rejects.toThrow(/newer version/);
  expect(existsSync(home.database)).toBe(true);
});

test("the second opener follows the first, and takes its seat when it leaves", async () => {
  const home = openHome(tempFolder());
  const first = openSharedMemory({ home, logger });
  expect((await first.status()).role).toBe("owner");
  const owner = await openOwner({ api, home: { ...home, database: ":memory:" }, logger, tail: false });
  expect(await owner.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await owner.close();
  await first.close();
  const next = openSharedMemory({ home, logger });
  expect((await next.status()).role).toBe("owner");
  await next.close();
});

test("closing waits for what is asked, ends what takes long, and refuses what comes later", async () => {
  const home = openHome(tempFolder());
  cpSync(demoFolder, home.events, { recursive: true });
  const memory = await openOwner({ api, home, logger });
  await memory.fresh();
  const endless = memory.query(
    "SELECT count(*) FROM range(10000000000) a, range(100) b WHERE a.range * b.range % 7 = 8",
    { limit: 1, timeoutMs: 60_000 },
  );
  const asked = [
    ...Array.from({ length: 20 }, () => memory.rows("SELECT count(*) AS n FROM cell_runs, range(100000)")),
    endless,
  ];
  let settled = 0;
  for (const one of asked)
    one
      .catch(() => undefined)
      .finally(() => {
        settled += 1;
      });
  await memory.close();
  expect(settled).toBe(asked.length);
  expect(await asked[0]).toMatchObject([{ n: expect.any(Number) }]);
  await expect(endless).rejects.toMatchObject({ code: "CANCELLED" });
  await expect(memory.rows("SELECT 1")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test.each([
  ["FATAL Error: Failed: database has been invalidated because of a previous fatal error", 0],
  [
    "IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2 in block at location 3",
    1,
  ],
])(
  "an engine that says %s is left for another, and who asked is asked to ask again",
  async (message, aside) => {
    const home = openHome(tempFolder());
    let refuse = false;
    const memory = await openOwner({ api: failing(() => refuse, "prepare", message), home, logger });
    refuse = true;
    await expect(memory.rows("SELECT 1")).rejects.toMatchObject({
      code: "UNAVAILABLE",
      details: { reason: "owner_gone" },
    });
    await memory.lost;
    await memory.close();
    const files = readdirSync(dirname(home.database)).filter((name) => name.includes("damaged"));
    expect(files).toHaveLength(aside);
  },
);
