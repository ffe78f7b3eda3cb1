import * as api from "@duckdb/node-api";
import { openEngineParser } from "@mcp-data/core/sql/duckdb";
import { expect, test } from "vitest";
import { createIdleParser } from "./idle-parser.ts";

test("an engine is open while texts come, closed at rest, and opened again", async () => {
  const open: boolean[] = [];
  const parser = createIdleParser(api, {
    idleMs: 30,
    open: async (given) => {
      const engine = await openEngineParser(given);
      const at = open.push(true) - 1;
      return {
        parse: engine.parse,
        close() {
          open[at] = false;
          engine.close();
        },
      };
    },
  });
  const many = await Promise.all(["SELECT 1", "SELECT a FROM t", "SELEC 1"].map((sql) => parser.parse(sql)));
  expect(many.map(({ ok }) => ok)).toEqual([true, true, false]);
  expect(open).toHaveLength(1);
  await expect.poll(() => open).toEqual([false]);
  expect((await parser.parse("SELECT 2")).ok).toBe(true);
  expect(open).toEqual([false, true]);
  await parser.close();
  expect(open).toEqual([false, false]);
});
