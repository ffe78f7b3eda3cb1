import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import * as api from "@duckdb/node-api";
import { expect, test } from "vitest";
import { createIdleParser } from "./idle-parser.ts";
import { openDatabase } from "./open.ts";
import { createReader } from "./reader.ts";
import { tables } from "./schema.ts";

/** Connections on which something happens between planning a statement and running it. */
function interrupted(instance: DuckDBInstance, between: () => Promise<unknown>): DuckDBInstance {
  const connect = async () => {
    const connection = await instance.connect();
    return new Proxy(connection, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (name === "prepare")
          return async (sql: string) => {
            const prepared = await target.prepare(sql);
            await between();
            return prepared;
          };
        return typeof value === "function" ? value.bind(target) : value;
      },
    }) as DuckDBConnection;
  };
  return { connect } as unknown as DuckDBInstance;
}

test("rows that are committed between planning and running do not spoil the values", async () => {
  const instance = await api.DuckDBInstance.create(":memory:");
  const writer = await instance.connect();
  await writer.run("CREATE TABLE sessions (hash VARCHAR, seen TIMESTAMP)");
  let writes = 0;
  const reader = createReader(
    interrupted(instance, async () => {
      writes += 1;
      await writer.run("INSERT INTO sessions VALUES ('22b09828', now()::TIMESTAMP)");
    }),
    createIdleParser(api),
  );
  const question = "SELECT hash, max(seen) AS latest FROM sessions GROUP BY 1 ORDER BY latest DESC";
  expect(await reader.rows(question)).toEqual([]);
  // The second question sees the first one's row and not its own.
  expect(await reader.rows(question)).toEqual([{ hash: "22b09828", latest: expect.any(String) }]);
  expect(writes).toBe(2);
  await expect(reader.rows("SELECT nothing FROM sessions")).rejects.toThrow(/nothing/);
  expect(await reader.rows("SELECT count(*) AS n FROM sessions")).toEqual([{ n: 2 }]);
  await expect(reader.rows("DELETE FROM sessions")).rejects.toThrow();
  await reader.close();
  instance.closeSync();
});

test("a statement that takes too much memory is interrupted, and the next one is answered", async () => {
  const instance = await api.DuckDBInstance.create(":memory:");
  const parser = createIdleParser(api);
  const small = createReader(instance, parser, -1);
  const limits = { limit: 10, timeoutMs: 20_000 };
  const endless = "SELECT count(*) FROM range(10000000000) a, range(100) b WHERE a.range * b.range % 7 = 8";
  await expect(small.query(endless, limits)).rejects.toMatchObject({
    code: "COST_LIMIT_EXCEEDED",
    details: { reason: "memory" },
  });
  const usual = createReader(instance, parser);
  expect((await usual.query("SELECT 7 AS n", limits)).rows).toEqual([[7]]);
  await small.close();
  await usual.close();
  await parser.close();
  instance.closeSync();
});

test("texts stored after a statement was first judged count when it is judged again", async () => {
  const instance = await api.DuckDBInstance.create(":memory:");
  const writer = await instance.connect();
  for (const [table, columns] of Object.entries(tables))
    await writer.run(
      `CREATE TABLE ${table} (${Object.entries(columns)
        .map(([name, kind]) => `"${name}" ${kind}`)
        .join(", ")})`,
    );
  const parser = createIdleParser(api);
  const reader = createReader(instance, parser);
  const ask = () =>
    reader.query("SELECT len(repeat(traceback, 1000)) FROM cell_runs", { limit: 10, timeoutMs: 20_000 });
  await writer.run("INSERT INTO cell_runs (traceback) VALUES ('short')");
  expect((await ask()).rows).toEqual([[5_000]]);
  await writer.run("INSERT INTO cell_runs (traceback) VALUES (repeat('long', 1000))");
  await expect(ask()).rejects.toMatchObject({ code: "VALIDATION_ERROR", details: { reason: "too_large" } });
  await reader.close();
  await parser.close();
  writer.closeSync();
  instance.closeSync();
});

test("a connection that was not to be had once is asked for again", async () => {
  const { instance, connection } = await openDatabase(api, ":memory:");
  let refusals = 2;
  const connect = async () => {
    if (refusals-- > 0) throw new Error("no memory for a connection");
    return instance.connect();
  };
  const parser = createIdleParser(api);
  const reader = createReader({ connect } as unknown as DuckDBInstance, parser);
  const limits = { limit: 1, timeoutMs: 10_000 };
  const sql = "SELECT count(*) AS n FROM cell_runs";
  await expect(reader.query(sql, limits)).rejects.toThrow("no memory for a connection");
  await expect(reader.rows(sql)).rejects.toThrow("no memory for a connection");
  expect((await reader.query(sql, limits)).rows).toEqual([[0]]);
  expect(await reader.rows(sql)).toEqual([{ n: 0 }]);
  await reader.close();
  await parser.close();
  connection.closeSync();
  instance.closeSync();
});
