import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shopSql } from "./shop-sql.ts";

export interface DemoShop {
  /** As the configuration would say it. */
  readonly source: Readonly<Record<string, unknown>>;
  /** Writes the file, once; a server calls it before its first use so that it starts at once. */
  build(): Promise<void>;
  remove(): Promise<void>;
}

/** The sample shop in a DuckDB file of its own. */
export async function createShop(): Promise<DemoShop> {
  const folder = await mkdtemp(join(tmpdir(), "sql-explorer-demo-"));
  const path = join(folder, "shop.duckdb");
  let built: Promise<void> | undefined;
  return {
    source: {
      id: "shop",
      kind: "duckdb",
      path,
      description: "A made-up shop: customers, products, orders, reviews.",
    },
    build() {
      built ??= write(path);
      return built;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function write(path: string): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(path);
  try {
    const connection = await instance.connect();
    await connection.run(shopSql);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}
