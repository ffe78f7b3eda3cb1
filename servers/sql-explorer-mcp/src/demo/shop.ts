import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shopSql } from "./shop-sql.ts";

export interface DemoShop {
  /** As the configuration would say it. */
  readonly source: Readonly<Record<string, unknown>>;
  remove(): Promise<void>;
}

/** Writes the sample shop into a DuckDB file of its own. */
export async function buildShop(): Promise<DemoShop> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const folder = await mkdtemp(join(tmpdir(), "sql-explorer-demo-"));
  const path = join(folder, "shop.duckdb");
  const instance = await DuckDBInstance.create(path);
  try {
    const connection = await instance.connect();
    await connection.run(shopSql);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  return {
    source: {
      id: "shop",
      kind: "duckdb",
      path,
      description: "A made-up shop: customers, products, orders, reviews.",
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
