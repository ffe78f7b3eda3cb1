import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    mcp: "src/mcp/index.ts",
    start: "src/start/index.ts",
    http: "src/http/index.ts",
    client: "src/mcp/client.ts",
    "sql/postgres": "src/sql/postgres/index.ts",
    "sql/duckdb": "src/sql/duckdb/index.ts",
    testing: "src/testing/index.ts",
  },
  format: "esm",
  target: "node20",
  dts: true,
  clean: true,
  splitting: true,
});
