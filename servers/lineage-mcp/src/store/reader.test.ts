import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import * as api from "@duckdb/node-api";
import { expect, test } from "vitest";
import { createIdleParser } from "./idle-parser.ts";
import { createReader } from "./reader.ts";

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
  reader.close();
  instance.closeSync();
});
