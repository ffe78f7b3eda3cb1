import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openServer } from "../run/open-server.mjs";
import { startPostgres } from "../services/postgres.mjs";

const name = "sql-explorer-mcp";

/** What loads on first use: each engine, the other one being absent. */
export const branches = [
  {
    name: "--demo answers, without the PostgreSQL parser",
    run: ({ bin, folder }) =>
      without(folder, "libpg-query", () => answers(bin, ["--demo"], "SELECT count(*) FROM orders")),
  },
  {
    name: "a folder of files answers, without the PostgreSQL parser",
    run: async ({ bin, folder }) => {
      await writeFile(join(folder, "fruit.csv"), "name,price\napple,1.5\npear,2\n");
      await without(folder, "libpg-query", () =>
        answers(bin, [join(folder, "fruit.csv")], "SELECT sum(price) FROM fruit"),
      );
    },
  },
  {
    name: "PostgreSQL answers, without DuckDB",
    run: async ({ bin, folder }) => {
      const cluster = await startPostgres();
      try {
        await without(folder, "@duckdb", () => answers(bin, [cluster.url], "SELECT 1 AS one"));
      } finally {
        await cluster.stop();
      }
    },
  },
];

/** One tool that reads the catalog, one that runs a statement, one that is refused. */
async function answers(bin, args, sql) {
  const server = await openServer(name, args, [bin]);
  try {
    await succeed(server, "list_tables", {});
    const { row_count } = await succeed(server, "query", { sql });
    if (row_count !== 1) throw new Error(`${sql} gave ${row_count} rows`);
    const refused = await server.call("query", { sql: "DROP TABLE orders" });
    if (refused.error?.code !== "VALIDATION_ERROR")
      throw new Error(`a write was answered ${JSON.stringify(refused)}`);
  } finally {
    await server.close();
  }
}

async function succeed(server, tool, input) {
  const answer = await server.call(tool, input);
  if (!answer.success) throw new Error(`${tool} failed: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

async function without(folder, dependency, use) {
  const place = join(folder, "node_modules", dependency);
  const aside = join(folder, `without-${dependency}`);
  await rename(place, aside);
  try {
    await use();
  } finally {
    await rename(aside, place);
  }
}
